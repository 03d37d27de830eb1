import { describe, expect, it } from "vitest";
import { consentHeaders } from "#worker/http/security-headers.ts";

const formAction = (targets: string[]): string | undefined => {
  const policy = consentHeaders(targets)["Content-Security-Policy"] ?? "";
  expect(policy).not.toContain(",");
  return policy.split("; ").find((one) => one.startsWith("form-action"));
};

describe("consentHeaders", () => {
  it("lets the form lead to origins and schemes", () => {
    const targets = ["https://client.example", "http://127.0.0.1:3000", "http:"];
    expect(formAction(targets)).toBe(`form-action 'self' ${targets.join(" ")}`);
  });

  it.each([
    "https://a,b.example",
    "https://x;script-src *",
    "https://x;script-src",
    "https://*",
    "*",
    "https://a.example https://b.example",
    "javascript:",
    "'unsafe-inline'",
  ])("writes no %j into the policy", (target) => {
    expect(formAction([target])).toBe("form-action 'self'");
  });
});
