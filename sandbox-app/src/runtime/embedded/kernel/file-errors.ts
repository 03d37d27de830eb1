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
  EPERM: "operation not permitted",
  EBADF: "bad file descriptor",
  EMFILE: "too many open files",
  EFBIG: "file too large",
  EIO: "i/o error",
  EPIPE: "broken pipe",
  ESPIPE: "invalid seek",
  ENOTTY: "inappropriate ioctl for device",
  ENXIO: "no such device or address",
  EAGAIN: "resource temporarily unavailable",
  ECHILD: "no child processes",
  ESRCH: "no such process",
  ENOEXEC: "exec format error",
  E2BIG: "argument list too long",
  EADDRINUSE: "address already in use",
  ECONNREFUSED: "connection refused",
  ECONNRESET: "connection reset by peer",
  ENETUNREACH: "network is unreachable",
  EHOSTUNREACH: "host is unreachable",
  ETIMEDOUT: "connection timed out",
  ENOTCONN: "socket is not connected",
  ENOTSOCK: "socket operation on non-socket",
  ENOSYS: "function not implemented",
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

/** A FileError of a call that has no path: `EBADF: bad file descriptor, read`. */
export function callError(code: FileErrorCode, call: string): FileError {
  return new FileError(code, "", `${code}: ${words[code]}, ${call}`);
}
