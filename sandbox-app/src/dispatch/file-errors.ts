import { DiscoError, type ErrorCode } from "#protocol/errors.ts";
import { FileError, type FileErrorCode } from "../runtime/runtime.ts";

const codes: Partial<Record<FileErrorCode, ErrorCode>> = {
  ENOENT: "file_not_found",
  EEXIST: "already_exists",
  EISDIR: "is_directory",
  ENOTDIR: "not_a_directory",
  ENOTEMPTY: "already_exists",
  ENOSPC: "storage_full",
};

/** The catalogue has no permissions and no link loops: the path is one that cannot be used. */
const OTHERWISE: ErrorCode = "invalid_input";

/** What a failed file operation is to a caller; anything else passes as it is. */
export function asDiscoError(error: unknown): unknown {
  if (!(error instanceof FileError)) return error;
  return new DiscoError(codes[error.code] ?? OTHERWISE, error.message, { cause: error });
}

/** Runs a piece of work whose FileErrors leave as errors of the catalogue. */
export async function withFileErrors<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw asDiscoError(error);
  }
}
