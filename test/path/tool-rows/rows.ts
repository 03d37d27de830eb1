import type { OperationName } from "#protocol/registry.ts";
import { containerRows } from "./container.ts";
import { editRows } from "./edits.ts";
import { fileRows } from "./files.ts";
import { processRows } from "./processes.ts";
import type { ToolRows } from "./row.ts";

/** The row of every operation; leaving one out is a type error, and fails the suite. */
export const toolRows: ToolRows<OperationName> = {
  ...containerRows,
  ...fileRows,
  ...editRows,
  ...processRows,
};
