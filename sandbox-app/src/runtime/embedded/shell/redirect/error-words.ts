/** What `strerror` of glibc says of an errno, as bash and its commands word it. */
const words: Readonly<Record<string, string>> = {
  EACCES: "Permission denied",
  EADDRINUSE: "Address already in use",
  EAGAIN: "Resource temporarily unavailable",
  EBADF: "Bad file descriptor",
  ECHILD: "No child processes",
  EEXIST: "File exists",
  EINVAL: "Invalid argument",
  EISDIR: "Is a directory",
  ELOOP: "Too many levels of symbolic links",
  EMFILE: "Too many open files",
  ENOENT: "No such file or directory",
  ENOEXEC: "Exec format error",
  ENOSPC: "No space left on device",
  ENOTDIR: "Not a directory",
  ENOTEMPTY: "Directory not empty",
  EPERM: "Operation not permitted",
  EPIPE: "Broken pipe",
  EROFS: "Read-only file system",
  ESRCH: "No such process",
};

export function errnoWords(error: unknown): string {
  const code = errnoOf(error);
  return words[code] ?? (error instanceof Error ? error.message : String(error));
}

export function errnoOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}
