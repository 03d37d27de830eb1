import * as z from "zod";

/**
 * Where packages come from: the base URL of one npm registry, kept with its final slash. Credentials
 * have no place in it, because it is told to logs and errors.
 */
export const registryUrl = z
  .string()
  .refine((value) => URL.canParse(value) && /^https?:$/.test(new URL(value).protocol), {
    error: "must be an http or https URL",
    abort: true,
  })
  .refine((value) => new URL(value).username === "" && new URL(value).password === "", {
    error: "must not hold credentials",
  })
  .refine((value) => new URL(value).search === "" && new URL(value).hash === "", {
    error: "must have no query and no fragment",
  })
  .transform((value) => new URL(value).href.replace(/\/*$/, "/"));
