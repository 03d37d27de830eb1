import { describe, expect, it } from "vitest";
import { parseSetCookie } from "#sandbox/preview/service-worker/cookies.ts";
import {
  type Surroundings,
  requestHeaders,
} from "#sandbox/preview/service-worker/request-headers.ts";
import { responseHeaders } from "#sandbox/preview/service-worker/response-headers.ts";

const origin = "https://p3000.disco.example";
const place = { origin, port: 3_000, embedder: "https://disco.example", url: `${origin}/a/b?c` };

describe("responseHeaders", () => {
  it.each([
    ["/next", "https://p3000.disco.example/next"],
    ["next?x#y", "https://p3000.disco.example/a/next?x#y"],
    ["http://localhost:3000/next", "https://p3000.disco.example/next"],
    ["http://127.0.0.1:3000/", "https://p3000.disco.example/"],
    ["http://[::1]:3000/", "https://p3000.disco.example/"],
    ["//localhost:3000/next", "https://p3000.disco.example/next"],
    ["http://localhost:4000/", "http://localhost:4000/"],
    ["https://elsewhere.example/login", "https://elsewhere.example/login"],
    ["http://[", "http://["],
  ])("keeps a redirect to %s on the preview's origin if it is the program's", (given, expected) => {
    expect(responseHeaders([["Location", given]], place, true).get("Location")).toBe(expected);
  });

  it("adds our policy to the program's, without what cannot hold here", () => {
    const headers = responseHeaders(
      [
        [
          "Content-Security-Policy",
          "script-src 'self'; frame-ancestors 'self';upgrade-insecure-requests",
        ],
        ["content-security-policy", "frame-ancestors 'none'"],
      ],
      place,
      true,
    );
    const policies = headers.get("Content-Security-Policy")?.split(", ") ?? [];
    expect(policies).toHaveLength(2);
    expect(policies[0]).toBe("script-src 'self'");
    expect(policies[1]).toContain("connect-src 'self' data: blob:;");
    expect(policies[1]).toMatch(/frame-ancestors 'self' https:\/\/disco\.example$/);
  });

  it.each([
    ["Content-Security-Policy-Report-Only", "img-src 'none'; report-uri https://evil.example/"],
    ["Cross-Origin-Opener-Policy-Report-Only", 'same-origin; report-to="evil"'],
    ["Reporting-Endpoints", 'default="https://evil.example/"'],
    ["Report-To", '{"endpoints":[{"url":"https://evil.example/"}]}'],
    ["NEL", '{"report_to":"evil"}'],
  ])("lets no report of the browser leave by %s", (name, value) => {
    expect(responseHeaders([[name, value]], place, true).get(name)).toBeNull();
  });

  it("lets the isolated page frame it, and keeps a length that still holds", () => {
    const given = [
      ["Cross-Origin-Resource-Policy", "same-origin"],
      ["X-Frame-Options", "SAMEORIGIN"],
      ["Content-Length", "5"],
      ["Transfer-Encoding", "chunked"],
      ["X-Other", "kept"],
    ] as const;
    const headers = responseHeaders(given, place, true);
    expect(headers.get("Cross-Origin-Resource-Policy")).toBe("cross-origin");
    expect(headers.get("Cross-Origin-Embedder-Policy")).toBe("require-corp");
    expect(headers.get("X-Frame-Options")).toBeNull();
    expect(headers.get("Transfer-Encoding")).toBeNull();
    expect([headers.get("Content-Length"), headers.get("X-Other")]).toEqual(["5", "kept"]);
    expect(responseHeaders(given, place, false).get("Content-Length")).toBeNull();
  });
});

describe("requestHeaders", () => {
  const around: Surroundings = {
    port: 3_000,
    origin,
    userAgent: "Browser/1",
    languages: ["de", "en"],
    cookie: "a=b",
  };
  const of = (init: RequestInit = {}) =>
    new Map(requestHeaders(new Request(`${origin}/x`, init), around));

  it("says localhost wherever the preview's host would stand", () => {
    const headers = of({ method: "POST", referrer: `${origin}/from?x` });
    expect(headers.get("host")).toBe("localhost:3000");
    expect(headers.get("origin")).toBe("http://localhost:3000");
    expect([...headers.values()].join("\n")).not.toContain("p3000");
  });

  it("says what a service worker is not shown, and one request per connection", () => {
    expect(Object.fromEntries(of())).toMatchObject({
      connection: "close",
      "user-agent": "Browser/1",
      "accept-language": "de,en",
      "accept-encoding": "identity",
      cookie: "a=b",
    });
    expect(of().has("origin")).toBe(false);
  });

  it("passes on the preview's own headers", () => {
    const headers = of({ headers: { Authorization: "Bearer x", "X-A": "1", Range: "bytes=0-1" } });
    expect(headers.get("authorization")).toBe("Bearer x");
    expect(headers.get("x-a")).toBe("1");
    expect(headers.get("range")).toBe("bytes=0-1");
  });
});

describe("parseSetCookie", () => {
  const now = Date.UTC(2026, 0, 1);

  it.each([
    ["a=b", { name: "a", value: "b", expires: null, sameSite: "lax" }],
    ["a=b=c; HttpOnly; Secure", { name: "a", value: "b=c" }],
    ["a=; Max-Age=0", { name: "a", value: "", expires: now }],
    ["a=b; Max-Age=10; Expires=Thu, 01 Jan 1970 00:00:00 GMT", { expires: now + 10_000 }],
    ["a=b; expires=Thu, 01 Jan 1970 00:00:00 GMT", { expires: 0 }],
    ["a=b; Expires=never", { expires: null }],
    ["a=b; SameSite=Strict", { sameSite: "strict" }],
    ["a=b; Domain=disco.example; Path=/x", { path: "/" }],
  ])("reads %s", (line, expected) => {
    const cookie = parseSetCookie(line, now);
    expect(cookie).toMatchObject(expected);
    expect(cookie).not.toHaveProperty("domain");
  });

  it.each(["", "=b", "no pair", "; Path=/"])("takes nothing from %j", (line) => {
    expect(parseSetCookie(line, now)).toBeNull();
  });
});
