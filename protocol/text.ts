import type * as z from "zod";

/** Text for paths, arguments and variables: to the programs that get it, it would end at a NUL. */
export function withoutNul(text: z.ZodString): z.ZodString {
  return text.refine((value) => !value.includes("\0"), "must not contain NUL");
}
