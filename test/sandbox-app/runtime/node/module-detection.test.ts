import { describe, expect, it } from "vitest";
import { isModuleSource } from "#sandbox/runtime/embedded/node/modules/source-code.ts";

describe("isModuleSource", () => {
  it.each([
    "import a from 'a';",
    "export default 1;",
    "console.log(import.meta.url)",
    "await 1; const require = 1;",
  ])("finds a module: %s", (source) => {
    expect(isModuleSource(source)).toBe(true);
  });

  it.each([
    "module.exports = 1; // import and export in a comment",
    "/** @type {import('.')} */\nmodule.exports = () => 1;",
    "import('a').then(console.log)",
    "const text = 'export default 1'; return text;",
    "import from nowhere",
  ])("finds none: %s", (source) => {
    expect(isModuleSource(source)).toBe(false);
  });
});
