import { readFileSync } from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { transformModule } from "#sandbox/runtime/embedded/node/esm/transform-module.ts";

const packages = path.resolve(import.meta.dirname, "../../../../node_modules");

/** Compiles without running; throws when the code is wrong. */
function compile(code: string): void {
  // What is transformed must still be JavaScript, which only an engine can tell.
  // oxlint-disable-next-line typescript/no-implied-eval
  void new Function(`return ${code}`);
}

function body(source: string): string {
  return transformModule(source).code;
}

describe("the rewriting of modules", () => {
  it("keeps every line where it was", () => {
    const source =
      'import {\n  a,\n  b\n} from "x";\nexport {\n  a\n};\nexport default a\n+ b;\nlast();\n';
    const lines = body(source).split("\n");
    expect(lines[9]).toBe("last();");
  });

  it("tells requests, exports and imports apart", () => {
    const syntax = transformModule(
      'import d, { a as b } from "x"; import * as ns from "y" with { type: "json" };' +
        'export { a } from "x"; export * from "z"; export * as all from "z"; export const [p, { q: r }] = [];' +
        "export { b, d as default }; export function f() {}",
    );
    expect(syntax.requests).toEqual([
      { specifier: "x", attributes: {} },
      { specifier: "y", attributes: { type: "json" } },
      { specifier: "z", attributes: {} },
    ]);
    expect(syntax.localExports).toEqual(["p", "r", "f"]);
    expect(syntax.indirectExports).toEqual([
      { exported: "a", request: 0, imported: "a" },
      { exported: "all", request: 2, imported: null },
      { exported: "b", request: 0, imported: "a" },
      { exported: "default", request: 0, imported: "default" },
    ]);
    expect(syntax.starExports).toEqual([2]);
  });

  it("sees an await only at the top level", () => {
    expect(transformModule("async () => { await 1; }").hasTopLevelAwait).toBe(false);
    expect(transformModule("class A { static async m() { await 1; } }").hasTopLevelAwait).toBe(
      false,
    );
    expect(transformModule("if (x) { await 1; }").hasTopLevelAwait).toBe(true);
    expect(transformModule("for await (const x of y) {}").hasTopLevelAwait).toBe(true);
  });

  it("leaves names alone that an inner declaration hides", () => {
    const hidden = [
      "(a) => a",
      "function f({ a }, [b = a]) { return a; }",
      "{ let a = 1; a; }",
      "for (const a of []) a;",
      "try {} catch (a) { a; }",
      "class C { m(a) { return a; } }",
      "(function a() { return a; })",
      "() => { if (1) { var a; } return a; }",
      "() => { switch (1) { case 1: let a; a; } }",
    ];
    for (const source of hidden) {
      expect(
        body(
          `import { a } from "x"; (${source.startsWith("{") || /^(?:for|try|class)/.test(source) ? `() => { ${source} }` : source});`,
        ),
        source,
      ).not.toContain("__disco_i0.a");
    }
  });

  it("refuses what is no module, with its place", () => {
    expect(() => transformModule("export const a = ;")).toThrow(SyntaxError);
  });

  it.each([
    "acorn/dist/acorn.mjs",
    "cjs-module-lexer/dist/lexer.mjs",
    "hono/dist/hono-base.js",
    "zod/v4/core/schemas.js",
  ])("gives JavaScript for %s", (name) => {
    const source = readFileSync(path.join(packages, name), "utf8");
    const { code } = transformModule(source);
    compile(code);
    expect(code.split("\n")).toHaveLength(source.split("\n").length + 1);
  });

  it("gives JavaScript however statements follow one another", () => {
    const statement = fc.constantFrom(
      "a()",
      "a`x`",
      "await a(b)",
      "export default b",
      "import c from 'y'",
      "export { a as a1 }",
      "const x = b",
      "let y = a\n++y",
      "if (a) b(); else a()",
      "do a(); while (b())",
      "label: a()",
      "try { await a() } catch { b() } finally { a }",
      "switch (a) { case b: a() }",
      "({ a, b: a })",
      "for await (const v of a()) { b(v) }",
      "const f = async () => { for await (const v of a) b(v) }",
      "class K extends a { [b] = a; static { b() } }",
      "[a, b].map(a)",
      "function g({ a: z = b }) { return a(z) }",
    );
    fc.assert(
      fc.property(
        fc.uniqueArray(statement, { minLength: 1, maxLength: 6 }),
        fc.constantFrom("\n", ";\n"),
        (list, separator) => {
          const source = `import { a, b } from "x"\n${list.join(separator)}\n`;
          let isModule = true;
          try {
            transformModule(source);
          } catch {
            isModule = false;
          }
          // Without semicolons a line may continue the one before; then it is the engine's to refuse.
          fc.pre(isModule);
          const { code } = transformModule(source);
          expect(() => compile(code)).not.toThrow();
        },
      ),
      { numRuns: 300 },
    );
  });
});
