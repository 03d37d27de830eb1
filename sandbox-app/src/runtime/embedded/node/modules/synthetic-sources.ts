import { initSync, parse } from "cjs-module-lexer";
import { SyntheticModule } from "../esm/synthetic-module.ts";

/** Key of the names that a builtin has not, and that modules may import all the same, as undefined. */
export const undefinedExports = Symbol("undefined exports");

/** Own names of a builtin's exports become named exports. */
export function builtinModule(url: string, exports: unknown): SyntheticModule {
  const more = (exports as { [undefinedExports]?: readonly string[] })[undefinedExports] ?? [];
  const names = [...namesOf(exports).filter((name) => name !== "default"), ...more];
  return new SyntheticModule({
    url,
    names: ["default", ...names],
    evaluate(set) {
      set("default", exports);
      for (const name of names) set(name, (exports as Record<string, unknown>)[name]);
    },
  });
}

export function jsonModule(url: string, parseJson: () => unknown): SyntheticModule {
  const value = parseJson();
  return new SyntheticModule({
    url,
    names: ["default"],
    evaluate: (set) => set("default", value),
  });
}

/**
 * A CommonJS module seen from a module: `default` is `module.exports`, and so is the name
 * `module.exports` itself; other names are those that its source seems to set.
 */
export function commonJsModule(
  url: string,
  names: readonly string[],
  load: () => unknown,
): SyntheticModule {
  return new SyntheticModule({
    url,
    names: new Set(["default", "module.exports", ...names]),
    isCommonJs: true,
    evaluate(set) {
      const exports = load();
      set("default", exports);
      set("module.exports", exports);
      if ((typeof exports !== "object" && typeof exports !== "function") || exports === null)
        return;
      for (const name of names) {
        if (name !== "default" && Object.hasOwn(exports, name)) {
          set(name, (exports as Record<string, unknown>)[name]);
        }
      }
    },
  });
}

let isLexerReady = false;

/** What a CommonJS source exports by name, and which modules it re-exports, by looking at it. */
export function lexCommonJs(source: string): { names: readonly string[]; from: readonly string[] } {
  if (!isLexerReady) {
    initSync();
    isLexerReady = true;
  }
  try {
    const { exports, reexports } = parse(source);
    return { names: exports, from: reexports };
  } catch {
    // What it cannot read exports no names, as in Node.
    return { names: [], from: [] };
  }
}

export function namesOf(exports: unknown): string[] {
  if ((typeof exports !== "object" && typeof exports !== "function") || exports === null) return [];
  const own = Object.keys(exports);
  return typeof exports === "function" ? own : own.filter((name) => name !== "__proto__");
}
