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

export interface ScannedEntry {
  /** Relative to the directory that is scanned. */
  readonly path: string;
  readonly type: FileType;
  /** Bytes; 0 for directories. */
  readonly size: number;
  readonly mode: number;
  /** Another one whenever the content or the mode may be another; it has no other meaning. */
  readonly stamp: string;
}

export interface ScanOptions {
  /** Names of directories that are told but not entered. */
  readonly skip: readonly string[];
  /** `version` of an earlier scan. */
  readonly since?: string;
}

export interface Scan {
  readonly version: string;
  /** Each directory before what is in it; null: nothing has changed since `since`. */
  readonly entries: readonly ScannedEntry[] | null;
}

export interface FileEvent {
  readonly type: "created" | "changed" | "removed";
  /** Absolute path. */
  readonly path: string;
}

/** What a failed file operation or system call says: POSIX errno names (POSIX.1-2017, 2.3). */
export const fileErrorCodes = [
  "ENOENT",
  "EEXIST",
  "EISDIR",
  "ENOTDIR",
  "ENOTEMPTY",
  "EINVAL",
  "ELOOP",
  "ENOSPC",
  "EACCES",
  "EPERM",
  "EBADF",
  "EMFILE",
  "EFBIG",
  "EIO",
  "EPIPE",
  "ESPIPE",
  "ENOTTY",
  "ENXIO",
  "EAGAIN",
  "ECHILD",
  "ESRCH",
  "ENOEXEC",
  "E2BIG",
  "EADDRINUSE",
  "ECONNREFUSED",
  "ECONNRESET",
  "ENETUNREACH",
  "EHOSTUNREACH",
  "ETIMEDOUT",
  "ENOTCONN",
  "ENOTSOCK",
  "ENOSYS",
] as const;
export type FileErrorCode = (typeof fileErrorCodes)[number];

/** A file operation or system call failed. `message` is as Node words it: `ENOENT: no such file …, open '/x'`. */
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
  /** Sets the permission bits. */
  chmod(path: string, mode: number): Promise<void>;
  /** All that is below a directory, in one answer: whoever keeps a picture of it looks often. */
  scan(path: string, options: ScanOptions): Promise<Scan>;
  /** Tells of changes at and below the path, in order, soon after they happened. */
  watch(path: string, listener: (event: FileEvent) => void): Unsubscribe;
}

export type Signal = "SIGINT" | "SIGTERM" | "SIGKILL";

export interface ProcessExit {
  /** Null when a signal ended it. */
  readonly code: number | null;
  /** POSIX name of the signal that ended it, e.g. `SIGPIPE`. */
  readonly signal: string | null;
}

export interface Process {
  /** Its pid, as `processes` tells it, in decimal. */
  readonly id: string;
  readonly stdin: WritableStream<Uint8Array>;
  /** Bytes as they come; with `pty` the terminal's output. */
  readonly stdout: ReadableStream<Uint8Array>;
  /** Null when the runtime merges it into stdout. */
  readonly stderr: ReadableStream<Uint8Array> | null;
  /**
   * Resolves after the last byte of output; never rejects. Background programs that it left go on;
   * what they write from then on is dropped.
   */
  readonly exit: Promise<ProcessExit>;
  /** Signals the program and all that it started; default SIGTERM. SIGINT is what ctrl-C does. */
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

/** Bytes both ways. Closing `writable` ends one direction; cancelling or aborting resets both. */
export interface ByteDuplex {
  readonly readable: ReadableStream<Uint8Array>;
  readonly writable: WritableStream<Uint8Array>;
}

/** A program listens on a port, or does no longer. */
export interface PortEvent {
  readonly type: "opened" | "closed";
  readonly port: number;
  /** Of the program. */
  readonly pid: number;
}

/** A program as the page shows it. */
export interface RunningProcess {
  readonly pid: number;
  /** Pid of the program that started it; 1 when nobody did, or that one has ended. */
  readonly parent: number;
  /** With the name of the program. */
  readonly argv: readonly string[];
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly state: "running" | "stopped" | "ended";
  readonly ports: readonly number[];
  /**
   * Bytes of heap and buffers, as the browser measured them last; null before that, and where the
   * browser does not measure.
   */
  readonly memory: number | null;
  /** Share of the last two seconds in which it was busy, 0 to 1; null before the first look. */
  readonly load: number | null;
}

/** What the container takes of its limits. */
export interface Usage {
  readonly fileBytes: number;
  readonly fileBytesMax: number;
  readonly processes: number;
  readonly processesMax: number;
}

/** The watchdog has ended a program, or cut something of it. */
export interface CutEvent {
  readonly pid: number;
  readonly argv: readonly string[];
  readonly limit: "memory" | "busy" | "output";
  /** For the person. */
  readonly message: string;
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
  /** What runs now, in order of pid. */
  processes(): Promise<readonly RunningProcess[]>;
  /**
   * Signals one program, as `kill` in a shell does.
   *
   * @throws FileError ESRCH when there is no such program
   */
  signal(pid: number, signal: Signal): Promise<void>;
  usage(): Promise<Usage>;
  /**
   * Tells that `processes` and `usage` have something new to say: a moment after a program started,
   * ended, stopped or opened a port, and once a second while what programs take changes.
   */
  onProcesses(listener: () => void): Unsubscribe;
  /** Tells of each program that the watchdog cut. */
  onCut(listener: (event: CutEvent) => void): Unsubscribe;
  /** Tells which ports programs listen on, beginning with those that are open already. */
  onPort(listener: (event: PortEvent) => void): Unsubscribe;
  /**
   * A connection to a program that listens.
   *
   * @throws FileError ECONNREFUSED when none does
   */
  connect(port: number): Promise<ByteDuplex>;
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
