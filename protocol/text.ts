import * as z from "zod";
import { SEARCH_PATTERN_MAX_CHARS } from "./limits.ts";

/** Text for paths, arguments and variables: to the programs that get it, it would end at a NUL. */
export function withoutNul(text: z.ZodString): z.ZodString {
  return text.refine((value) => !value.includes("\0"), "must not contain NUL");
}

/** A file's content, told by its hash (FIPS 180-4). */
export const contentHash = z
  .string()
  .regex(/^[0-9a-f]{64}$/, "wants 64 hex digits in lower case")
  .describe("SHA-256 of the file's bytes, as 64 hex digits.");

/** An argument that chooses files by their paths (gitignore(5), PATTERN FORMAT). */
export const globPattern = withoutNul(z.string().min(1).max(SEARCH_PATTERN_MAX_CHARS)).describe(
  "Only paths that fit, as in a .gitignore: `*.ts`, `src/**`, `!*.test.ts`.",
);
