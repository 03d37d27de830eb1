/** Largest file the editor opens; above it a browser's editor gets sluggish. */
export const EDITOR_MAX_BYTES = 2 * 1_024 * 1_024;

/** Files open at once before the oldest clean one is closed: a busy call opens many. */
export const OPEN_MAX = 10;

/** What was read of a file: text that can be written back byte for byte, or the reason it is none. */
export type Content =
  | { readonly kind: "text"; readonly text: string; readonly lineSeparator: "\n" | "\r\n" }
  | { readonly kind: "binary" | "too_large"; readonly bytes: number };

/** An open file. `disk` is what the workspace holds, as far as the page knows. */
export interface Document {
  readonly path: string;
  readonly disk: Content;
  /** The person's text differs from `disk`. */
  readonly dirty: boolean;
  /** `changed`: it was written by another while dirty; the person decides. */
  readonly conflict: "none" | "changed" | "removed";
  /** Text before the call that opened it, so that what the call changed can glow; null: no call. */
  readonly before: string | null;
}

/** The open files with one more. The oldest that is clean makes room. */
export function withOpened(open: readonly Document[], document: Document): readonly Document[] {
  const all = [...open, document];
  if (all.length <= OPEN_MAX) return all;
  const oldest = all.findIndex(({ dirty, path }) => !dirty && path !== document.path);
  return oldest === -1 ? all : all.toSpliced(oldest, 1);
}

/** The open files without one; when it was the shown one, its neighbour is shown next. */
export function withoutDocument(
  open: readonly Document[],
  active: string | null,
  path: string,
): { readonly open: readonly Document[]; readonly active: string | null } {
  const index = open.findIndex((document) => document.path === path);
  const rest = open.filter((document) => document.path !== path);
  if (active !== path) return { open: rest, active };
  return { open: rest, active: (rest[index] ?? rest[index - 1])?.path ?? null };
}

/**
 * Bytes as text. Mixed line endings are split at `\n` only, so that each `\r` stays where it is.
 */
export function decodeContent(bytes: Uint8Array): Content {
  if (bytes.byteLength > EDITOR_MAX_BYTES) return { kind: "too_large", bytes: bytes.byteLength };
  const text = utf8(bytes);
  if (text === null || text.includes("\0")) return { kind: "binary", bytes: bytes.byteLength };
  const breaks = text.split("\n").length - 1;
  const windows = text.split("\r\n").length - 1;
  return { kind: "text", text, lineSeparator: breaks > 0 && windows === breaks ? "\r\n" : "\n" };
}

export function sameContent(a: Content, b: Content): boolean {
  if (a.kind === "text" && b.kind === "text") return a.text === b.text;
  return a.kind !== "text" && b.kind !== "text" && a.kind === b.kind && a.bytes === b.bytes;
}

/** What happens when the disk says something new: a clean document follows, a dirty one asks. */
export function withDisk(document: Document, disk: Content): Document {
  if (sameContent(document.disk, disk)) {
    return document.conflict === "removed" ? { ...document, conflict: "none" } : document;
  }
  if (document.dirty) return { ...document, conflict: "changed" };
  return { ...document, disk, conflict: "none" };
}

/** The file is gone; the text stays open, and saving writes it again. */
export function withRemoved(document: Document): Document {
  return { ...document, conflict: "removed" };
}

/**
 * Lines of `after` (from 1) that are not in `before`: common head and tail are set aside, then each
 * line that the old middle did not have is new.
 */
export function changedLines(before: string, after: string): readonly number[] {
  const old = before.split("\n");
  const now = after.split("\n");
  const { head, tail } = commonEnds(old, now);
  const left = new Map<string, number>();
  for (const line of old.slice(head, old.length - tail)) left.set(line, (left.get(line) ?? 0) + 1);
  const changed: number[] = [];
  for (let index = head; index < now.length - tail; index += 1) {
    const line = now[index] ?? "";
    const had = left.get(line) ?? 0;
    if (had > 0) left.set(line, had - 1);
    else changed.push(index + 1);
  }
  return changed;
}

/** The smallest single replacement that turns `before` into `after`, as offsets into `before`. */
export function replacement(
  before: string,
  after: string,
): { readonly from: number; readonly to: number; readonly insert: string } {
  const { head, tail } = commonEnds(before, after);
  const to = before.length - tail;
  return { from: head, to, insert: after.slice(head, after.length - tail) };
}

function commonEnds(a: ArrayLike<string>, b: ArrayLike<string>): { head: number; tail: number } {
  const shorter = Math.min(a.length, b.length);
  let head = 0;
  while (head < shorter && a[head] === b[head]) head += 1;
  let tail = 0;
  while (tail < shorter - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail += 1;
  return { head, tail };
}

function utf8(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}
