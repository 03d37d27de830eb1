import { expect, it } from "vitest";
import { html, withCode } from "#worker/http/pages/html.ts";
import { landingPage } from "#worker/http/pages/landing-page.ts";

it("escapes every value, in text and in attributes", () => {
  const evil = `"><script>alert('x')</script>&`;
  const { text } = html`<a title="${evil}">${evil}</a>`;
  expect(text).not.toContain("<script>");
  expect(text.match(/&#34;&#62;&#60;script&#62;/g)).toHaveLength(2);
  expect(text).toContain("&#38;");
});

it("keeps markup that is markup, also in lists", () => {
  const items = ["a", "<b>"].map((one) => html`<li>${one}</li>`);
  expect(html`${items}`.text).toBe("<li>a</li><li>&#60;b&#62;</li>");
});

it("shows what stands in backticks as code", () => {
  expect(html`${withCode("Send `a<b>` now.")}`.text).toBe("Send <code>a&#60;b&#62;</code> now.");
});

it("does not let a configuration's problem write markup into the landing page", () => {
  const page = landingPage({
    sandboxUrl: "https://disco.example/sandbox",
    mcpUrl: "https://disco.example/mcp",
    apiUrl: "https://disco.example/api/v1",
    trouble: "<img src=x>",
    local: false,
  });
  expect(page).not.toContain("<img src=x>");
  expect(page).toContain("&#60;img src=x&#62;");
});
