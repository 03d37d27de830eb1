import { transform } from "sucrase";
import { Edits } from "../esm/edits.ts";
import type { ModuleSyntax } from "../esm/module-syntax.ts";
import { helper } from "../esm/names.ts";
import { parseModule, parseScript } from "../esm/parse.ts";
import { rewriteNode } from "../esm/rewrite-rules.ts";
import { Rewriter } from "../esm/rewriter.ts";
import { transformModule } from "../esm/transform-module.ts";
import type { FileKind } from "./file-format.ts";

/**
 * Longest CommonJS source that is parsed for its awaits or `eval` alone, in characters: beyond, parsing costs
 * more than a second for the sake of AsyncLocalStorage.
 */
const LONGEST_FOR_AWAIT = 1_000_000;

/** What is left of TypeScript and JSX without their own syntax; lines stay where they are. */
export function toJavaScript(source: string, syntax: FileKind["syntax"], path: string): string {
  if (syntax === "javascript") return source;
  const { code } = transform(source, {
    transforms:
      syntax === "jsx" ? ["jsx"] : syntax === "tsx" ? ["typescript", "jsx"] : ["typescript"],
    disableESTransforms: true,
    jsxRuntime: "automatic",
    production: true,
    injectCreateRequireForImportRequire: true,
    preserveDynamicImport: true,
    filePath: path,
  });
  return code;
}

const bySource = new Map<string, ModuleSyntax>();

/** As `transformModule`, once for each text: one file may be loaded under several URLs. */
export function moduleSyntax(source: string): ModuleSyntax {
  const known = bySource.get(source);
  if (known !== undefined) return known;
  const syntax = transformModule(source);
  bySource.set(source, syntax);
  return syntax;
}

/**
 * A script with `import()`, its awaits and what it gives to `eval` rewritten; unchanged when it cannot
 * be parsed.
 */
export function prepareScript(source: string, dynamicImport: string = helper.import): string {
  const text = source.startsWith("#!") ? `//${source.slice(2)}` : source;
  const hasImport = /\bimport\b\s*(?:\(|\/)/.test(text);
  const hasMore = text.length <= LONGEST_FOR_AWAIT && /\b(?:await|eval)\b/.test(text);
  if (!hasImport && !hasMore) return text;
  try {
    const program = parseScript(text);
    const edits = new Edits();
    const rewriter = new Rewriter(edits, new Map(), rewriteNode, dynamicImport);
    rewriter.visitList(program.body);
    return edits.apply(text);
  } catch {
    // The engine words the error, and a module may hide behind it.
    return text;
  }
}

/**
 * Whether a source without a declared type is a module (Node, esm.md, DETECT_MODULE_SYNTAX): it is no
 * CommonJS, and parses as a module. The words alone say nothing: they stand in comments too.
 */
export function isModuleSource(source: string): boolean {
  if (!/\b(?:import|export|await)\b/.test(source)) return false;
  return !parses(parseScript, source) && parses(parseModule, source);
}

function parses(parse: (source: string) => unknown, source: string): boolean {
  try {
    parse(source);
    return true;
  } catch {
    return false;
  }
}
