import type { Restored, StorageState } from "../../tab/page-api.ts";
import { formatAgo, formatBytes } from "../text/duration.ts";
import { visibleLine } from "../text/visible.ts";

/** How safe the files are, in a word or two for the top bar; null while there is nothing to say. */
export function storageLabel(state: StorageState | null): string | null {
  switch (state?.state) {
    case undefined:
    case "opening":
    case "restoring":
    case "moved":
      return null;
    case "saved":
      return "Saved";
    case "unsaved":
      return "Saving";
    case "full":
    case "failing":
    case "unavailable":
      return "Not saved";
  }
}

/** Why the files are not saved, and what to do; null when they are, or soon will be. */
export function storageTrouble(state: StorageState | null): string | null {
  switch (state?.state) {
    case "full":
      return (
        "The browser gives this page no more room. Work goes on in memory, but what changes now " +
        "is not saved: delete what you do not need, or export the workspace."
      );
    case "failing":
      return (
        `The files could not be saved (${visibleLine(state.message)}). Disco tries again; until ` +
        "then a reload loses the latest changes."
      );
    case "unavailable":
      return (
        `${visibleLine(state.message)} Work goes on in memory and is not saved: export the ` +
        "workspace before you close this tab."
      );
    default:
      return null;
  }
}

/** `1 file`, `2,804 files`. */
export function countFiles(files: number): string {
  return files === 1 ? "1 file" : `${files.toLocaleString("en")} files`;
}

/** What came back at the start. */
export function restoredWords(restored: Restored | null, now: number): string {
  if (restored === null) return "Nothing came back: no files are kept.";
  if (restored.savedAt === 0) return "This container is new in this browser.";
  const { files, bytes, tookMs, savedAt } = restored;
  return (
    `${countFiles(files)} (${formatBytes(bytes)}) came back in ${Math.round(tookMs)} ms, ` +
    `as saved ${formatAgo(now - savedAt)}.`
  );
}

/** What the person should know of a restore that was not as it should be; null when it was. */
export function restoreTrouble(restored: Restored | null): string | null {
  if (restored === null || restored.damage === null) return null;
  const modules = restored.isWithoutModules
    ? " node_modules could not be read: run npm install again."
    : "";
  return `${visibleLine(restored.damage)}${modules}`;
}

/** What a reload costs, truthfully. */
export function reloadCosts(state: StorageState | null): string {
  switch (state?.state) {
    case "saved":
    case "unsaved":
      return "Nothing was lost: reloading restores the files. Programs and terminals end.";
    case "moved":
      return state.isComplete
        ? "Nothing was lost: all that was here is saved in this browser."
        : "Some changes could not be saved and are lost with this tab: export the workspace first.";
    default:
      return "What is not saved is lost by a reload: export the workspace first.";
  }
}
