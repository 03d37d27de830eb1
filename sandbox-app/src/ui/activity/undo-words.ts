import { visibleBlock, visibleLine } from "../text/visible.ts";
import type { ActivityRow } from "./activity.ts";
import type { UndoNote } from "./undo.ts";
import { callSentence } from "./wording.ts";

/** Paths that are named of each kind; the others are counted. */
const NAMED_MAX = 8;

type Asked = Extract<UndoNote, { kind: "asks" }>["plan"];
type Skips = Asked["skipped"];

/** Files of one fate; the texts are safe to show as text nodes. */
export interface PathGroup {
  readonly title: string;
  readonly paths: readonly string[];
  /** How many more there are. */
  readonly more: number;
  readonly isLoss: boolean;
}

const REASONS: Readonly<Record<Skips[number]["why"], string>> = {
  ignored: "git ignores it",
  symlink: "a symbolic link",
  too_large: "too large to be kept",
  no_room: "there was no room to keep it",
  unreadable: "it cannot be read",
  in_the_way: "something else is in the way",
};

/** What a press on the row's button does: `Undo: Wrote src/app.ts`. */
export function undoTitle({ summary, end }: ActivityRow, verb: "Undo" | "Redo"): string {
  const { verb: did, object } = callSentence(summary, end?.outcome);
  return `${verb}: ${did} ${object}`.trim();
}

/** What a note is about, in one sentence. */
export function noteWords(note: UndoNote, isUndone: boolean): string {
  switch (note.kind) {
    case "asks":
      return askedWords(note.plan, isUndone ? "Redo" : "Undo");
    case "dropped":
      return "This can no longer be taken back: its checkpoint made room for newer ones.";
    case "failed":
      return visibleBlock(note.message);
    case "done":
      return doneWords(note);
  }
}

function askedWords({ lost, isShared }: Asked, verb: string): string {
  if (lost.length === 0 && isShared) {
    return `${verb} this? Other calls ran at the same time; what they changed goes with it.`;
  }
  const what = lost.length === 1 ? "1 file was" : `${lost.length} files were`;
  const others = isShared ? " Other calls ran at the same time, and are part of it." : "";
  return `${verb} this? ${what} changed again since, which would be lost.${others}`;
}

function doneWords({ done, isUndone }: Extract<UndoNote, { kind: "done" }>): string {
  const { restored, removed, skipped } = done;
  const parts = [
    ...(restored.length > 0 ? [`${counted(restored.length)} restored`] : []),
    ...(removed.length > 0 ? [`${counted(removed.length)} removed`] : []),
    ...(skipped.length > 0 ? [`${counted(skipped.length)} left alone`] : []),
  ];
  if (restored.length + removed.length === 0 && skipped.length === 0) {
    return "Nothing had to change: everything is as it was.";
  }
  return `${isUndone ? "Undone" : "Redone"}: ${parts.join(", ")}.`;
}

function counted(count: number): string {
  return count === 1 ? "1 path" : `${count} paths`;
}

/** The files of a note, by what becomes of them; groups without any are left out. */
export function pathGroups(note: UndoNote): readonly PathGroup[] {
  if (note.kind === "dropped" || note.kind === "failed") return [];
  const isAsked = note.kind === "asks";
  const lost = isAsked ? note.plan.lost : [];
  const { restored, removed, skipped } = isAsked ? note.plan : note.done;
  const stays = skipped.map(({ path, why }) => `${path} (${REASONS[why]})`);
  return [
    group("Changed since, and lost", lost, true),
    group(isAsked ? "Will be as before" : "As before again", restored),
    group(isAsked ? "Will be removed" : "Removed", removed),
    group(isAsked ? "Will stay" : "Stays", stays),
  ].filter(({ paths }) => paths.length > 0);
}

function group(title: string, paths: readonly string[], isLoss = false): PathGroup {
  const named = paths.slice(0, NAMED_MAX).map((path) => visibleLine(path));
  return { title, paths: named, more: paths.length - named.length, isLoss };
}
