import * as z from "zod";

/** What the arguments of an operation call a checkpoint. */
export const checkpointId = z.string().min(1).max(64);

/** In the output of each operation that changes files; the tab adds it, and no handler. */
export const checkpoint = checkpointId
  .optional()
  .describe("For restore_checkpoint, to undo this; left out when nothing changed.");
