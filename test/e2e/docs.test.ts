import type { Browser, Locator, Page } from "playwright";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Ready } from "#scripts/disco/ready-line.ts";
import { launchBrowser, watchErrors } from "#test/support/browser.ts";
import { type TestDisco, startTestDisco } from "#test/support/disco-process.ts";

let running: TestDisco;
let ready: Ready;
let browser: Browser;
let page: Page;
let errors: string[];

beforeAll(async () => {
  running = await startTestDisco();
  ready = running.disco.ready;
  browser = await launchBrowser();
  page = await browser.newPage();
  errors = watchErrors(page);
  await page.goto(`${ready.origin}/docs`);
  await page.getByRole("button", { name: "Authorize" }).first().click();
  const dialog = page.locator(".modal-ux");
  await dialog.locator("input").first().fill(ready.token);
  await dialog
    .getByRole("button", { name: /Apply|Authorize/ })
    .first()
    .click();
  await dialog.getByRole("button", { name: "Close" }).click();
});
afterAll(async () => {
  await browser.close();
  await running.stop();
});

/** Opens an operation and presses Execute, with whatever stands in its fields. */
async function executeAsItStands(id: string): Promise<Locator> {
  const operation = page.locator(`#operations-${id}`);
  await operation.locator("button.opblock-summary-control").click();
  await operation.getByRole("button", { name: "Execute", exact: true }).click();
  const answer = operation.locator(".live-responses-table tbody");
  await answer.locator(".response-col_status").first().waitFor();
  return answer;
}

describe("Swagger UI at /docs", () => {
  it.each([
    ["containers-container_status", /"state": "ready"/],
    ["files-list_files", /"truncated": false/],
    ["files-write_file", /"path": "hello.txt"/],
    ["files-read_file", /"text": "Hello from Disco/],
    ["terminal-run_command", /hello\.txt/],
  ])("runs %s as it stands there: Try it out, Execute", async (id, expected) => {
    const answer = await executeAsItStands(id);
    expect(await answer.locator(".response-col_status").first().textContent()).toContain("200");
    expect(await answer.locator(".highlight-code").first().textContent()).toMatch(expected);
  });

  it("raised no error all the while", () => {
    expect(errors).toEqual([]);
  });
});

describe.each([
  ["light", "rgb(255, 255, 255)"],
  ["dark", "rgb(21, 22, 26)"],
] as const)("the public pages in the %s scheme", (colorScheme, paper) => {
  it.each([
    ["/", 1_280],
    ["/", 390],
    ["/docs", 1_280],
    ["/docs", 390],
    ["/docs/errors", 390],
  ])("%s has the way back and the paper of all, and fits into %i px", async (path, width) => {
    const viewport = { width, height: 800 };
    const visit = await browser.newPage({ colorScheme, viewport });
    await visit.goto(ready.origin + path);
    if (path === "/docs") await visit.locator(".opblock").first().waitFor();
    const home = visit.getByRole("banner").getByRole("link", { name: "Disco" });
    expect(await home.getAttribute("href")).toBe("/");
    const seen = await visit.evaluate(() => ({
      paper: getComputedStyle(document.body).backgroundColor,
      isDark: document.documentElement.classList.contains("dark-mode"),
      beyond: document.documentElement.scrollWidth - innerWidth,
      cut: [...document.querySelectorAll(".copy pre")].filter(
        (box) => box.scrollWidth > box.clientWidth,
      ).length,
    }));
    const isDark = colorScheme === "dark" && path === "/docs";
    expect(seen).toEqual({ paper, isDark, beyond: 0, cut: 0 });
    await visit.close();
  });
});
