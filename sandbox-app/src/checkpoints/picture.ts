import type { FileType } from "../runtime/runtime.ts";

/**
 * Why the content of a path is not kept: git ignores it (node_modules and .git too), no call of the
 * runtime makes a link, the file is too large, the memory is full, or it may not be read.
 */
export type Unkept = "ignored" | "symlink" | "too_large" | "no_room" | "unreadable";

/** What stands at a path. */
export type Entry =
  | {
      readonly type: "file";
      /** SHA-256 of the content, 64 hex digits. */
      readonly hash: string;
      /** Bytes. */
      readonly size: number;
      readonly mode: number;
    }
  | { readonly type: "directory"; readonly mode: number }
  | {
      readonly type: "unkept";
      readonly why: Unkept;
      readonly is: FileType;
      /** Another one when it has changed; nothing is said of changes to what is ignored. */
      readonly stamp: string;
    };

/** Nothing stands there. */
export type Standing = Entry | undefined;

/** Each path of a workspace, relative to its root, and what stands there. */
export type Picture = ReadonlyMap<string, Entry>;

/** What stood at those paths at which something else stands later. */
export type Difference = ReadonlyMap<string, Standing>;

export function isSame(one: Standing, other: Standing): boolean {
  if (one === undefined || other === undefined || one.type !== other.type) return one === other;
  switch (one.type) {
    case "file":
      return other.type === "file" && one.hash === other.hash && one.mode === other.mode;
    case "directory":
      return other.type === "directory" && one.mode === other.mode;
    case "unkept":
      return other.type === "unkept" && one.why === other.why && one.stamp === other.stamp;
  }
}

export function isIgnored(entry: Standing): boolean {
  return entry?.type === "unkept" && entry.why === "ignored";
}

/** What kind of thing stands there, kept or not. */
export function kindOf(entry: Standing): FileType | undefined {
  return entry?.type === "unkept" ? entry.is : entry?.type;
}

/** What was before, where it is not so any more. What is made where git does not look is no change. */
export function difference(before: Picture, after: Picture): Difference {
  const changed = new Map<string, Standing>();
  for (const [path, entry] of before) {
    const now = after.get(path);
    if (now !== entry && !isSame(entry, now)) changed.set(path, entry);
  }
  for (const [path, entry] of after) {
    if (!before.has(path) && !isIgnored(entry)) changed.set(path, undefined);
  }
  return changed;
}
