import type { Parser } from "@lezer/common";
import { DIAGNOSTICS_MAX } from "#protocol/limits.ts";

/** A place where a file is not what its language takes; line and column from 1. */
export interface Diagnostic {
  readonly path: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/** Larger files are data or bundles; to parse them would take longer than the edit. */
const PARSED_MAX_CHARS = 1_000_000;
/** What is shown of the text at an error. */
const EXCERPT_CHARS = 30;

/** File name's ending → its parser, loaded when first needed. */
const parsers: Readonly<Record<string, () => Promise<Parser>>> = {
  js: () => javascript("jsx"),
  mjs: () => javascript("jsx"),
  cjs: () => javascript("jsx"),
  jsx: () => javascript("jsx"),
  ts: () => javascript("ts"),
  mts: () => javascript("ts"),
  cts: () => javascript("ts"),
  tsx: () => javascript("ts jsx"),
  json: async () => (await import("@lezer/json")).parser,
  css: async () => (await import("@lezer/css")).parser,
  html: async () => (await import("@lezer/html")).parser,
};

async function javascript(dialect: string): Promise<Parser> {
  return (await import("@lezer/javascript")).parser.configure({ dialect });
}

/**
 * Looks for syntax errors, the first few. A file of a language that is not known, or a very large
 * one, has none that it could tell.
 */
export async function diagnose(path: string, text: string): Promise<Diagnostic[]> {
  const ending = /\.(\w+)$/.exec(path)?.[1]?.toLowerCase() ?? "";
  const load = Object.hasOwn(parsers, ending) ? parsers[ending] : undefined;
  if (load === undefined || text.length > PARSED_MAX_CHARS) return [];
  const tree = (await load()).parse(text);
  const found: Diagnostic[] = [];
  let lastLine = 0;
  tree.iterate({
    enter(node) {
      if (!node.type.isError || found.length >= DIAGNOSTICS_MAX) return;
      const place = placeOf(text, node.from);
      // What follows on the same line mostly follows from it.
      if (place.line === lastLine) return;
      lastLine = place.line;
      found.push({
        path,
        line: place.line,
        column: place.column,
        message: messageAt(text, node.from),
      });
    },
  });
  return found;
}

function placeOf(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset).split("\n");
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

function messageAt(text: string, offset: number): string {
  const [rest = ""] = text.slice(offset, offset + EXCERPT_CHARS).split("\n");
  if (offset >= text.trimEnd().length) return "Syntax error: the file ends too early";
  const shown = rest.trim();
  return shown === "" ? "Syntax error at the end of the line" : `Syntax error at \`${shown}\``;
}
