import type { TabHandlers } from "./context.ts";
import { checkpointHandlers } from "./handlers/checkpoints.ts";
import { editHandlers } from "./handlers/edits.ts";
import { fileHandlers } from "./handlers/files.ts";
import { gitHandlers } from "./handlers/git.ts";
import { pathHandlers } from "./handlers/paths.ts";
import { processHandlers } from "./handlers/processes.ts";
import { searchHandlers } from "./handlers/search.ts";
import { terminalHandlers } from "./handlers/terminal.ts";

/** Every operation that runs in the tab; leaving one out is a type error. */
export const tabHandlers: TabHandlers = {
  ...fileHandlers,
  ...editHandlers,
  ...pathHandlers,
  ...checkpointHandlers,
  ...searchHandlers,
  ...terminalHandlers,
  ...processHandlers,
  ...gitHandlers,
};
