import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parsePackagePath, upstreamUrl } from "#worker/registry/package-path.ts";

const registry = "https://npm.example/base/";

describe("parsePackagePath", () => {
  it.each([
    ["express", { kind: "metadata", name: "express" }],
    ["JSONStream", { kind: "metadata", name: "JSONStream" }],
    ["@types%2fnode", { kind: "metadata", name: "@types/node" }],
    ["@types/node", { kind: "metadata", name: "@types/node" }],
    ["a/-/a-1.0.0-rc.1+b.tgz", { kind: "tarball", name: "a", file: "a-1.0.0-rc.1+b.tgz" }],
    ["@s/a/-/a-1.0.0.tgz", { kind: "tarball", name: "@s/a", file: "a-1.0.0.tgz" }],
  ])("reads %s", (path, parsed) => {
    expect(parsePackagePath(path)).toEqual(parsed);
  });

  it("never leads out of the registry, whatever it is given", () => {
    const part = fc.constantFrom(
      "a",
      "@",
      "/",
      "-",
      ".",
      "..",
      "%2f",
      "%2e",
      "\\",
      ":",
      "?",
      "#",
      "tgz",
      "1",
      "~",
      "%",
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
        const path = parsePackagePath(parts.join(""));
        if (path === null) return;
        const url = new URL(upstreamUrl(registry, path));
        expect(url.href).toBe(upstreamUrl(registry, path));
        expect(url.href.startsWith(registry)).toBe(true);
        expect(url.pathname).not.toMatch(/\/-\/.*\/-\/|\/\.\.?(?:\/|$)/);
      }),
    );
  });
});
