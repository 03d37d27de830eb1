import { containerRows } from "./container.ts";
import { editRows } from "./edits.ts";
import { fileRows } from "./files.ts";
import { gitRows } from "./git.ts";
import { processRows } from "./processes.ts";
import type { ToolName, ToolRows } from "./row.ts";

/** The row of every tool; leaving one out is a type error, and fails the suite. */
export const toolRows: ToolRows<ToolName> = {
  ...containerRows,
  ...fileRows,
  ...editRows,
  ...gitRows,
  ...processRows,
};
