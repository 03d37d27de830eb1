import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  allows,
  type HostRule,
  LOCAL_HOST,
  parseRule,
  parseTarget,
  ruleText,
} from "#protocol/egress-rule.ts";

const rule = (text: string, local = true): HostRule => {
  const parsed = parseRule(text, local);
  if (!parsed.ok) throw new Error(parsed.problem);
  return parsed.value;
};
const problem = (text: string, local = true): string => {
  const parsed = parseRule(text, local);
  return parsed.ok ? "" : parsed.problem;
};

describe("what a person types", () => {
  it.each([
    ["api.example.com", "https://api.example.com"],
    [" API.Example.COM ", "https://api.example.com"],
    ["https://api.example.com/", "https://api.example.com"],
    ["api.example.com:443", "https://api.example.com"],
    ["api.example.com:8443", "https://api.example.com:8443"],
    ["http://api.example.com", "http://api.example.com"],
    ["http://api.example.com:443", "http://api.example.com:443"],
    ["HTTPS://api.example.com", "https://api.example.com"],
    ["*.example.com", "https://*.example.com"],
    ["http://*.example.com:8080", "http://*.example.com:8080"],
    ["b\u00fccher.example.com", "https://xn--bcher-kva.example.com"],
    ["host.disco.internal:11434", "http://host.disco.internal:11434"],
    ["host.disco.internal:80", "http://host.disco.internal:80"],
  ])("%s is %s", (text, canonical) => {
    expect(ruleText(rule(text))).toBe(canonical);
  });

  it.each([
    ["", /Type the name/],
    ["api.example.com/v1", /whole host/],
    ["https://api.example.com?key=1", /whole host/],
    ["example", /full name/],
    ["*.com", /full name/],
    ["*", /star/],
    ["a.*.example.com", /star/],
    ["*.*.example.com", /star/],
    ["ftp://example.com", /not ftp/],
    ["user@example.com", /not the name/],
    ["127.0.0.1", /address/],
    ["0x7f.1", /address/],
    ["[::1]:80", /address/],
    ["printer.local", /private networks/],
    ["app.localhost:3000", /private networks/],
    ["api.example.com:0", /port/],
    ["api.example.com:70000", /not the name/],
    ["example.com.", /not the name/],
    ["exam ple.com", /not the name/],
    ["ex%61mple.com", /not the name/],
    ["host.disco.internal", /port too/],
    ["https://host.disco.internal:11434", /http only/],
    ["*.host.disco.internal:80", /private networks|no names below/],
  ])("%s is refused", (text, words) => {
    expect(problem(text)).toMatch(words);
  });

  it("names this machine in local mode only", () => {
    expect(problem("host.disco.internal:80", false)).toMatch(/local mode only/);
  });
});

describe("what a rule lets through", () => {
  const lets = (text: string, url: string): boolean => {
    const target = parseTarget(url, true);
    return target.ok && allows(rule(text), target.value);
  };

  it("its own host, port and scheme", () => {
    expect(lets("api.example.com", "https://api.example.com/v1?a=b")).toBe(true);
    expect(lets("api.example.com", "https://API.EXAMPLE.COM:443/")).toBe(true);
    expect(lets("api.example.com", "http://api.example.com/")).toBe(false);
    expect(lets("api.example.com", "https://api.example.com:8443/")).toBe(false);
    expect(lets("api.example.com", "https://example.com/")).toBe(false);
    expect(lets("api.example.com", "https://evil-api.example.com/")).toBe(false);
    expect(lets("api.example.com", "https://api.example.com.evil.org/")).toBe(false);
  });

  it("with a star every name below, and not the name itself", () => {
    expect(lets("*.example.com", "https://a.b.example.com/")).toBe(true);
    expect(lets("*.example.com", "https://example.com/")).toBe(false);
    expect(lets("*.example.com", "https://evilexample.com/")).toBe(false);
  });
});

/** What looks like a host, and what tries to. */
const hostLike = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 30 }),
  fc.domain(),
  fc.ipV4(),
  fc.ipV4Extended(),
  fc.ipV6(),
  fc.constant(LOCAL_HOST),
  fc.stringMatching(/^[a-z0-9.*:@%x\-[\]]{0,25}$/),
);
const typedRule = fc
  .tuple(fc.constantFrom("", "https://", "http://", "*.", "https://*."), hostLike, fc.nat(70_000))
  .map(([before, host, port]) => `${before}${host}${port > 66_000 ? "" : `:${port}`}`);

describe("whatever is typed", () => {
  it("has one form, which means the same when it is read again", () => {
    fc.assert(
      fc.property(typedRule, fc.boolean(), (text, local) => {
        const parsed = parseRule(text, local);
        if (!parsed.ok) return parsed.problem.endsWith(".");
        expect(rule(ruleText(parsed.value), local)).toEqual(parsed.value);
        return true;
      }),
      { numRuns: 2_000 },
    );
  });

  it("is a public name, or this machine in local mode, and never an address", () => {
    fc.assert(
      fc.property(typedRule, fc.boolean(), (text, local) => {
        const parsed = parseRule(text, local);
        if (!parsed.ok) return;
        const { host, port } = parsed.value;
        expect(port).toBeGreaterThan(0);
        if (host === LOCAL_HOST) {
          expect(local).toBe(true);
          return;
        }
        expect(host).toMatch(/^(?:\*\.)?[a-z0-9_-]+(?:\.[a-z0-9_-]+)+$/);
        expect(host).not.toMatch(/\.\d+$|\.(?:local|localhost|internal|lan|arpa)$/);
      }),
      { numRuns: 2_000 },
    );
  });

  it("lets exactly through what it names", () => {
    const host = fc.constantFrom("a.example", "b.a.example", "c.b.a.example", "xa.example");
    fc.assert(
      fc.property(fc.boolean(), host, host, (star, named, asked) => {
        const given = rule(star ? `*.${named}` : named);
        const target = { scheme: "https", host: asked, port: 443 } as const;
        const expected = star ? asked !== named && asked.endsWith(`.${named}`) : asked === named;
        expect(allows(given, target)).toBe(expected);
      }),
    );
  });
});
