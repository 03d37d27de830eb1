import type { CallEvent } from "../../tab/events.ts";
import { childPath } from "./tree.ts";

/** After a key press the page leaves the editor alone for this long: nobody wants a file to jump. */
export const TYPING_QUIET_MS = 4_000;

/** Operations whose output names the one file they changed. */
const EDITING: ReadonlySet<string> = new Set(["write_file", "edit_file"]);

/** Absolute path of the file that a call is about to change; null when it changes none. */
export function pathToEdit(event: CallEvent, root: string): string | null {
  if (event.type !== "started" || !EDITING.has(event.operation)) return null;
  if (event.input["dry_run"] === true) return null;
  return absolute(event.input["path"], root);
}

/** Absolute path of the file that a call has just changed; null when it changed none. */
export function editedPath(event: CallEvent, operation: string, root: string): string | null {
  if (event.type !== "ended" || !event.outcome.ok || !EDITING.has(operation)) return null;
  return absolute(event.outcome.output["path"], root);
}

function absolute(path: unknown, root: string): string | null {
  if (typeof path !== "string" || path === "") return null;
  return path.startsWith("/") ? path : childPath(root, path.replace(/^\.\//, ""));
}

/** Whether the editor may show another file now. */
export function mayFollow(state: {
  readonly enabled: boolean;
  readonly lastKeyAt: number;
  readonly now: number;
  readonly activeDirty: boolean;
}): boolean {
  const typing = state.now - state.lastKeyAt < TYPING_QUIET_MS;
  return state.enabled && !typing && !state.activeDirty;
}
