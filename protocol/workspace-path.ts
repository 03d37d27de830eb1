import * as z from "zod";
import { PATH_MAX_CHARS } from "./limits.ts";
import { withoutNul } from "./text.ts";

/** A path as callers give it; the tab resolves it, and keeps it in the workspace. */
export const workspacePath = withoutNul(z.string().min(1).max(PATH_MAX_CHARS)).describe(
  "Relative to the workspace's root, or absolute below it.",
);
