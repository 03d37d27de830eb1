import { PatchSyntaxError } from "./patch.ts";

/** What the lines before the hunks say of a file; null: not there, or not said yet. */
export interface FileHeader {
  from: string | null;
  to: string | null;
  /** It was begun by `diff --git`. */
  readonly isGits: boolean;
  /** By something that says which side is which. */
  isNamed: boolean;
  /** Only its mode is another one, which no patch of ours changes. */
  isUnchanged: boolean;
}

/** @param line `diff --git …`, which names both sides, or nothing */
export function fileHeader(line: string): FileHeader {
  const name = /^diff --git (a\/(.+)) b\/\2\s*$/.exec(line)?.[1];
  const quoted = /^diff --git ("a\/.+") "b\/.+"\s*$/.exec(line)?.[1];
  const from = name ?? (quoted === undefined ? null : unquoted(quoted));
  const to = from === null ? null : `b/${from.slice(2)}`;
  return { from, to, isGits: line !== "", isNamed: false, isUnchanged: false };
}

/**
 * Takes in one line of git-diff's extended header; others say nothing.
 *
 * @throws PatchSyntaxError when the file is binary
 */
export function extendedHeader(header: FileHeader, number: number, line: string): void {
  const text = line.trimEnd();
  const [, side, path] = /^(?:rename|copy) (from|to) (.+)$/.exec(text) ?? [];
  if (side === "from") header.from = `a/${unquoted(path ?? "")}`;
  if (side === "to") header.to = `b/${unquoted(path ?? "")}`;
  if (side !== undefined) header.isNamed = true;
  if (/^(?:new file|deleted file) mode /.test(text)) {
    // An empty file has nothing but this header.
    if (text.startsWith("new")) header.from = null;
    else header.to = null;
    header.isNamed = true;
  } else if (text.startsWith("old mode ")) {
    header.isUnchanged = true;
  } else if (/^(?:Binary files .* differ|GIT binary patch)$/.test(text)) {
    throw new PatchSyntaxError(number, "the file is binary; write it with write_file");
  }
}

/** @returns null for /dev/null; without a time after a tab */
export function nameIn(header: string): string | null {
  const [name = ""] = header.slice(4).split("\t");
  const path = unquoted(name.trim());
  return path === "/dev/null" ? null : path;
}

const escapes: Readonly<Record<string, number>> = {
  a: 7,
  b: 8,
  t: 9,
  n: 10,
  v: 11,
  f: 12,
  r: 13,
};

/** git quotes a path with bytes beside ASCII's letters as C does (git-config, core.quotePath). */
function unquoted(path: string): string {
  const inner = /^"(.*)"$/.exec(path)?.[1];
  if (inner === undefined) return path;
  const bytes: number[] = [];
  for (const [part, octal, escaped] of inner.matchAll(/\\([0-7]{3})|\\(.)|[^\\]+/g)) {
    if (octal !== undefined) bytes.push(Number.parseInt(octal, 8));
    else if (escaped !== undefined) bytes.push(escapes[escaped] ?? escaped.charCodeAt(0));
    else bytes.push(...new TextEncoder().encode(part));
  }
  return new TextDecoder().decode(new Uint8Array(bytes));
}
