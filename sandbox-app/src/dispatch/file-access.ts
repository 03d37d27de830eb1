import { DiscoError } from "#protocol/errors.ts";
import { FILE_MAX_BYTES } from "#protocol/limits.ts";
import { FileError, type Files, type FileStat } from "../runtime/runtime.ts";
import { sha256 } from "./bytes.ts";
import { PathLocks } from "./path-locks.ts";

/** Those of all handlers that change files: whoever reads, decides and writes holds the file's. */
export const fileLocks = new PathLocks();

/** @throws DiscoError too_large */
export function refuseAbove(bytes: number, message: string): void {
  if (bytes <= FILE_MAX_BYTES) return;
  throw new DiscoError(
    "too_large",
    `${FILE_MAX_BYTES} bytes are the limit of one call. ${message}`,
    { details: { bytes, limit: FILE_MAX_BYTES } },
  );
}

/** The file's record; undefined when there is none. */
export async function statIfThere(files: Files, path: string): Promise<FileStat | undefined> {
  try {
    return await files.stat(path);
  } catch (error) {
    if (error instanceof FileError && error.code === "ENOENT") return undefined;
    throw error;
  }
}

/** @throws DiscoError hash_mismatch */
export async function requireHash(
  bytes: Uint8Array<ArrayBuffer>,
  relative: string,
  expected: string | undefined,
): Promise<void> {
  if (expected === undefined) return;
  const hash = await sha256(bytes);
  if (hash === expected) return;
  throw new DiscoError("hash_mismatch", `${relative} is not as it was read.`, {
    details: { hash },
  });
}
