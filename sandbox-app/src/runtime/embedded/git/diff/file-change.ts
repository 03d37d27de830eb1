import { comparePaths } from "../objects/bytes.ts";

/** A file on one side of a comparison. */
export interface Side {
  readonly path: string;
  readonly mode: number;
  readonly oid: string;
}

export interface FileChange {
  /** As `--name-status` has it; `U` is a conflict. */
  readonly status: "A" | "M" | "D" | "T" | "R" | "U";
  readonly before: Side | null;
  readonly after: Side | null;
  /** Of a rename, in percent. */
  readonly similarity: number;
}

export type FileMap = ReadonlyMap<string, { readonly mode: number; readonly oid: string }>;

const TYPE_BITS = 0o170000;

export function changeOf(before: Side | null, after: Side | null): FileChange | null {
  if (before === null && after === null) return null;
  if (before === null) return { status: "A", before, after, similarity: 0 };
  if (after === null) return { status: "D", before, after, similarity: 0 };
  if (before.oid === after.oid && before.mode === after.mode) return null;
  const isOther = (before.mode & TYPE_BITS) !== (after.mode & TYPE_BITS);
  return { status: isOther ? "T" : "M", before, after, similarity: 0 };
}

/** What differs between two sets of files, sorted by path. */
export function compareFiles(before: FileMap, after: FileMap): FileChange[] {
  const paths = [...new Set([...before.keys(), ...after.keys()])].toSorted(comparePaths);
  return paths.flatMap((path) => {
    const [one, other] = [before.get(path), after.get(path)];
    return changeOf(one ? { path, ...one } : null, other ? { path, ...other } : null) ?? [];
  });
}

export function pathOf(change: FileChange): string {
  return change.after?.path ?? change.before?.path ?? "";
}
