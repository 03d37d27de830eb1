import { type FilePatch, type Hunk, type HunkLine, PatchSyntaxError } from "./patch.ts";
import type { PatchLine } from "./parse-patch.ts";

export const BEGIN_PATCH = "*** Begin Patch";
const END_PATCH = "*** End Patch";
const END_OF_FILE = "*** End of File";
const header = /^\*\*\* (Add|Update|Delete) File: (.+)$/;
const moved = /^\*\*\* Move to: (.+)$/;

/**
 * Reads the format that models of OpenAI's family write; no document defines it but the prompt that
 * teaches it to them ("V4A diff format", GPT-4.1 prompting guide).
 *
 * @param lines what follows `*** Begin Patch`
 * @throws PatchSyntaxError
 */
export function parseV4a(lines: readonly PatchLine[]): FilePatch[] {
  const patches: FilePatch[] = [];
  let at = 0;
  while (at < lines.length) {
    const line = lines[at] as PatchLine;
    const text = line.text.trimEnd();
    if (text === END_PATCH) return patches;
    if (text === "") {
      at += 1;
      continue;
    }
    const [, operation, path = ""] = header.exec(text) ?? [];
    if (operation === undefined) {
      throw new PatchSyntaxError(line.number, `wants "*** Update File: path", not ${quote(text)}`);
    }
    const end = endOfSection(lines, at + 1);
    patches.push(readSection(operation, path.trim(), lines.slice(at + 1, end)));
    at = end;
  }
  return patches;
}

function endOfSection(lines: readonly PatchLine[], from: number): number {
  const end = lines.findIndex(
    ({ text }, index) => index >= from && (header.test(text) || text.trimEnd() === END_PATCH),
  );
  return end === -1 ? lines.length : end;
}

function readSection(operation: string, path: string, lines: readonly PatchLine[]): FilePatch {
  switch (operation) {
    case "Add":
      return { op: "add", path, text: readAdded(lines) };
    case "Delete":
      return { op: "delete", path };
    default: {
      const [, to] = moved.exec(lines[0]?.text.trimEnd() ?? "") ?? [];
      const hunks = readHunks(to === undefined ? lines : lines.slice(1));
      return { op: "update", path, to: to?.trim() ?? null, hunks };
    }
  }
}

function readAdded(lines: readonly PatchLine[]): string {
  return withoutBlankEnd(lines)
    .map(({ number, text }) => {
      if (text.startsWith("+")) return `${text.slice(1)}\n`;
      throw new PatchSyntaxError(number, "each line of a new file starts with `+`");
    })
    .join("");
}

interface OpenHunk {
  anchors: string[];
  lines: HunkLine[];
  atEnd: boolean;
}

function readHunks(lines: readonly PatchLine[]): Hunk[] {
  const hunks: OpenHunk[] = [];
  const begin = (): OpenHunk => {
    const opened: OpenHunk = { anchors: [], lines: [], atEnd: false };
    hunks.push(opened);
    return opened;
  };
  for (const { number, text } of withoutBlankEnd(lines)) {
    const last = hunks.at(-1);
    const open = last === undefined || last.atEnd ? begin() : last;
    if (text.startsWith("@@")) {
      // Several anchors may follow each other; after lines, an anchor begins the next hunk.
      const hunk = open.lines.length > 0 ? begin() : open;
      const anchor = text.slice(2).replace(/ @@$/, "").trim();
      if (anchor !== "") hunk.anchors.push(anchor);
    } else if (text.trimEnd() === END_OF_FILE) {
      open.atEnd = true;
    } else {
      open.lines.push(readLine(number, text));
    }
  }
  return hunks.map(({ anchors, lines: all, atEnd }) => ({
    anchors,
    lines: all,
    line: null,
    atEnd,
    endsWithNewline: null,
  }));
}

function readLine(number: number, text: string): HunkLine {
  const sign = text.charAt(0);
  // Editors and models strip the blank of an empty context line.
  if (text === "" || text === "\r") return { sign: " ", text };
  if (sign === " " || sign === "-" || sign === "+") return { sign, text: text.slice(1) };
  throw new PatchSyntaxError(number, `a line starts with " ", "-" or "+", not ${quote(text)}`);
}

/** Blank lines before the next header belong to the layout of the patch. */
function withoutBlankEnd(lines: readonly PatchLine[]): readonly PatchLine[] {
  const last = lines.findLastIndex(({ text }) => text !== "");
  return lines.slice(0, last + 1);
}

function quote(text: string): string {
  return JSON.stringify(text.slice(0, 60));
}
