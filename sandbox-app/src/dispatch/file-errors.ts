import type { ErrorCode } from "#protocol/error-catalogue.ts";
import { DiscoError } from "#protocol/errors.ts";
import { FileError, type FileErrorCode } from "../runtime/runtime.ts";

type Known = readonly [code: ErrorCode, what: string];

/** Each code as the catalogue knows it, and what is said of the path. */
const known: Partial<Record<FileErrorCode, Known>> = {
  ENOENT: ["file_not_found", "does not exist"],
  EEXIST: ["already_exists", "exists already"],
  EISDIR: ["is_directory", "is a directory"],
  ENOTDIR: ["not_a_directory", "is not a directory, or leads through a file"],
  ENOTEMPTY: ["already_exists", "is a directory that is not empty"],
  ENOSPC: ["storage_full", "does not fit any more"],
  EAGAIN: ["overloaded", "cannot start: too many programs are running"],
  EACCES: ["invalid_input", "may not be used"],
  ELOOP: ["invalid_input", "leads through too many symbolic links"],
};

/** The catalogue has nothing nearer: the path is one that cannot be used in this way. */
const OTHERWISE: Known = ["invalid_input", "cannot be used in this way"];

/** What a failed file operation is to a caller; anything else passes as it is. */
export function asDiscoError(error: unknown): unknown {
  if (!(error instanceof FileError)) return error;
  const [code, what] = known[error.code] ?? OTHERWISE;
  return new DiscoError(code, `${error.path || "The path"} ${what}.`, { cause: error });
}

/** Runs a piece of work whose FileErrors leave as errors of the catalogue. */
export async function withFileErrors<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw asDiscoError(error);
  }
}
