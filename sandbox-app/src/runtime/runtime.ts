import type { RuntimeCapabilities } from "#protocol/capabilities.ts";

export type FileType = "file" | "directory" | "symlink";

export interface FileStat {
  readonly type: FileType;
  /** Bytes; 0 for directories. */
  readonly size: number;
  /** Permission bits, as in POSIX `st_mode & 0o777`. */
  readonly mode: number;
  /** Milliseconds since the epoch. */
  readonly mtimeMs: number;
}

export interface DirectoryEntry {
  readonly name: string;
  readonly type: FileType;
}

export interface FileEvent {
  readonly type: "created" | "changed" | "removed";
  /** Absolute path. */
  readonly path: string;
}

/** What a failed file operation says; the codes are POSIX errno names (POSIX.1-2017, 2.3). */
export type FileErrorCode =
  | "ENOENT"
  | "EEXIST"
  | "EISDIR"
  | "ENOTDIR"
  | "ENOTEMPTY"
  | "EINVAL"
  | "ELOOP"
  | "ENOSPC"
  | "EACCES"
  | "EAGAIN";

/** A file operation failed. `message` is as Node words it: `ENOENT: no such file …, open '/x'`. */
export class FileError extends Error {
  override readonly name = "FileError";
  readonly code: FileErrorCode;
  readonly path: string;

  constructor(code: FileErrorCode, path: string, message: string) {
    super(message);
    this.code = code;
    this.path = path;
  }
}

export type Unsubscribe = () => void;

/** The container's files. Paths are absolute; every method rejects with a FileError. */
export interface Files {
  /** The whole content. The bytes are the caller's own. */
  read(path: string): Promise<Uint8Array<ArrayBuffer>>;
  /** Creates or replaces the file in one step; the directory must exist. */
  write(path: string, content: Uint8Array): Promise<void>;
  /** Sorted by name, in code unit order. */
  list(path: string): Promise<DirectoryEntry[]>;
  /** Does not follow a symbolic link in the last part. */
  stat(path: string): Promise<FileStat>;
  /** The absolute path without symbolic links, `.` or `..` (POSIX realpath); it must exist. */
  realpath(path: string): Promise<string>;
  mkdir(path: string, options?: { recursive?: boolean }): Promise<void>;
  /** A directory needs `recursive` unless it is empty. */
  remove(path: string, options?: { recursive?: boolean }): Promise<void>;
  /** Replaces a file that is there. */
  rename(from: string, to: string): Promise<void>;
  /** Tells of changes at and below the path, in order, soon after they happened. */
  watch(path: string, listener: (event: FileEvent) => void): Unsubscribe;
}

export type Signal = "SIGINT" | "SIGTERM" | "SIGKILL";

export interface ProcessExit {
  /** Null when a signal ended it. */
  readonly code: number | null;
  readonly signal: Signal | null;
}

export interface Process {
  readonly id: string;
  readonly stdin: WritableStream<Uint8Array>;
  /** Bytes as they come; with `pty` the terminal's output. */
  readonly stdout: ReadableStream<Uint8Array>;
  /** Null when the runtime merges it into stdout. */
  readonly stderr: ReadableStream<Uint8Array> | null;
  /** Resolves after the last byte of output; never rejects. */
  readonly exit: Promise<ProcessExit>;
  kill(signal?: Signal): void;
  resize?(columns: number, rows: number): void;
}

export interface SpawnOptions {
  /** Absolute; default: the root of the workspace. */
  readonly cwd?: string;
  /** Added to the runtime's own environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Size of the interactive terminal to run in; without it, plain pipes. */
  readonly pty?: { readonly columns: number; readonly rows: number };
}

/** What runs a container in a tab: one interface, one contract suite, two implementations. */
export interface Runtime {
  readonly capabilities: RuntimeCapabilities;
  /** Absolute path of the workspace. */
  readonly root: string;
  readonly files: Files;
  /**
   * Starts a program found on PATH. `bash -c <line>` runs a command line, `bash` with `pty` an
   * interactive shell.
   *
   * @throws FileError ENOENT when there is no such program or directory
   */
  spawn(command: string, args?: readonly string[], options?: SpawnOptions): Promise<Process>;
  /** Tells when the runtime itself has failed; it is of no use afterwards. */
  onError(listener: (error: Error) => void): Unsubscribe;
  /** Ends every process and frees the memory. May be called twice. */
  dispose(): Promise<void>;
}

export interface BootOptions {
  readonly signal?: AbortSignal;
  readonly timeoutMs: number;
  /** Tells what the boot is doing, in words for the person. */
  onStage?(stage: string): void;
}
