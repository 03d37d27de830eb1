import * as z from "zod";

/** A field of an output: what a call changed in a text. */
export const diff = z
  .string()
  .describe("What changed, as a unified diff; a long one is cut, and says by how much.");

/** A field of an output: where the changed files are not what their languages take. */
export const diagnostics = z
  .array(
    z.object({
      path: z.string().describe("Relative to the root of the workspace."),
      line: z.int().positive(),
      column: z.int().positive(),
      message: z.string(),
    }),
  )
  .describe("Syntax errors that the changed files have now; a warning, the change is made.");
