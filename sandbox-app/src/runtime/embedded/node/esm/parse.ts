import { type Options, parse, type Program } from "acorn";

const common: Options = { ecmaVersion: "latest", allowHashBang: true };

/** @throws SyntaxError of acorn, with `loc` and `pos` */
export function parseModule(source: string): Program {
  return parse(source, { ...common, sourceType: "module" });
}

/** The body of a CommonJS module: a function's. */
export function parseScript(source: string): Program {
  return parse(source, {
    ...common,
    sourceType: "script",
    allowReturnOutsideFunction: true,
    allowSuperOutsideMethod: true,
    allowNewTargetOutsideFunction: true,
  } as Options);
}

/** Where acorn found the error: line from 1, column from 0. */
export function syntaxPosition(error: unknown): { line: number; column: number } | null {
  const loc = (error as { loc?: { line?: unknown; column?: unknown } }).loc;
  return typeof loc?.line === "number" && typeof loc.column === "number"
    ? { line: loc.line, column: loc.column }
    : null;
}
