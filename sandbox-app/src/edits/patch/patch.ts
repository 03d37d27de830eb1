/** A patch, whichever way it was written. */
export type FilePatch =
  | { readonly op: "add"; readonly path: string; readonly text: string }
  | { readonly op: "delete"; readonly path: string }
  | {
      readonly op: "update";
      readonly path: string;
      /** Where the file goes; null: it stays. */
      readonly to: string | null;
      readonly hunks: readonly Hunk[];
    };

/** One line of a hunk: in both files, only in the old one, or only in the new one. */
export interface HunkLine {
  readonly sign: " " | "-" | "+";
  readonly text: string;
}

/** A part of a file that changes, with lines around it that tell where it is. */
export interface Hunk {
  /** Lines that stand somewhere before the hunk, outermost first: a class, a function. */
  readonly anchors: readonly string[];
  readonly lines: readonly HunkLine[];
  /** Number of the first line, from 1, as the patch says; patches are often wrong. */
  readonly line: number | null;
  /** The hunk's last line is the file's last. */
  readonly atEnd: boolean;
  /** What the patch says of the last line's end: whether the new file has one; null: nothing. */
  readonly endsWithNewline: boolean | null;
}

/** The patch cannot be read; in words for whoever wrote it. */
export class PatchSyntaxError extends Error {
  override readonly name = "PatchSyntaxError";
  /** Line of the patch, from 1. */
  readonly line: number;

  constructor(line: number, message: string) {
    super(message);
    this.line = line;
  }
}
