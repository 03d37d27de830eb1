/** Lines that changed, each with its end; where they stand in the old and in the new file, from 0. */
export interface ChangedLines {
  readonly at: number;
  readonly old: readonly string[];
  readonly now: readonly string[];
}

/** A file in two trees. */
export interface FileChange {
  /** Null: added. */
  readonly from: string | null;
  /** Null: deleted. */
  readonly to: string | null;
  /** Null: not there, or no text; `isText` tells which. */
  readonly before: string | null;
  readonly after: string | null;
  readonly isText: boolean;
  /** As git found them, in order. Of files that both trees have. */
  readonly changed: readonly ChangedLines[];
  /** git's own diff of the file, with three lines around each change. */
  readonly section: string;
}

/** Two trees, one after the other. */
export interface Transition {
  readonly name: string;
  readonly changes: readonly FileChange[];
  /** The diff of one of git's settings. */
  diff(...args: readonly string[]): Promise<string>;
}

/** A file of both trees with text in both. */
export type TextUpdate = FileChange & {
  readonly from: string;
  readonly to: string;
  readonly before: string;
  readonly after: string;
};

export function isTextUpdate(change: FileChange): change is TextUpdate {
  return change.before !== null && change.after !== null && change.before !== change.after;
}

/** @returns the lines of a text with their ends */
export function linesOf(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}
