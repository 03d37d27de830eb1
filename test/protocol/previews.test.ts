import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isOneAtATime, previewOrigin, previewPort, previewSources } from "#protocol/previews.ts";

const rules = [
  "https://p{port}.example.com",
  "http://p{port}.disco.localhost:8787",
  "https://{port}-x.a.b",
];

describe("the rule for the origins of previews", () => {
  it("gives each port an origin, from which the port follows", () => {
    fc.assert(
      fc.property(fc.constantFrom(...rules), fc.integer({ min: 1, max: 65_535 }), (rule, port) => {
        const { origin, host } = new URL(previewOrigin(rule, port));
        expect(origin).toBe(previewOrigin(rule, port));
        expect(previewPort(rule, host)).toBe(port);
      }),
    );
  });

  it.each([
    "p.example.com",
    "p0.example.com",
    "p65536.example.com",
    "p080.example.com",
    "p-1.example.com",
    "p1.example.com:8443",
    "p1.example.com.evil.example",
    "x.p1.example.com",
    "p1x.example.com",
    "P1.example.com",
    "example.com",
  ])("makes no %s", (host) => {
    expect(previewPort("https://p{port}.example.com", host)).toBeNull();
  });

  it("without a placeholder is one origin, for one port at a time", () => {
    const rule = "https://rt.example.com";
    expect(isOneAtATime(rule)).toBe(true);
    expect(previewOrigin(rule, 3_000)).toBe(rule);
    expect(previewPort(rule, "rt.example.com")).toBeNull();
    expect(previewSources(rule)).toBe(rule);
  });

  it("is covered by one source of a policy", () => {
    expect(rules.map(previewSources)).toEqual([
      "https://*.example.com",
      "http://*.disco.localhost:8787",
      "https://*.a.b",
    ]);
  });
});
