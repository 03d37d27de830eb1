import { FileError, type FileErrorCode } from "../../runtime.ts";

/** The words of Node's libuv for each code, so that guests and callers read what they know. */
const words: Record<FileErrorCode, string> = {
  ENOENT: "no such file or directory",
  EEXIST: "file already exists",
  EISDIR: "illegal operation on a directory",
  ENOTDIR: "not a directory",
  ENOTEMPTY: "directory not empty",
  EINVAL: "invalid argument",
  ELOOP: "too many symbolic links encountered",
  ENOSPC: "no space left on device",
  EACCES: "permission denied",
  EAGAIN: "resource temporarily unavailable",
};

/**
 * A FileError in Node's wording.
 *
 * @param call name of the system call, e.g. `open`
 * @param to second path of `rename`, `link` and `symlink`
 */
export function fileError(code: FileErrorCode, call: string, path: string, to?: string): FileError {
  const target = to === undefined ? "" : ` -> '${to}'`;
  return new FileError(code, path, `${code}: ${words[code]}, ${call} '${path}'${target}`);
}
