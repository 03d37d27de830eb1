import type { FileEvent, RunningProcess } from "../../runtime.ts";

/*
 * What a process may ask of the kernel: the part of POSIX that programs in a tab need. Everything that
 * carries bytes is a file descriptor: files, pipes, terminals and sockets alike. A call that cannot
 * finish yet (a read of an empty pipe, a write to a full one, a wait for a child) finishes later; the
 * process decides whether it blocks meanwhile (`System.callSync`) or goes on (`System.call`).
 *
 * Errors are a FileError with the errno name; its message is worded as Node words it.
 */

/** `struct stat` (POSIX.1-2017, sys/stat.h). Times are milliseconds since the epoch. */
export interface FileStatus {
  readonly type: "file" | "directory" | "symlink" | "pipe" | "socket" | "terminal" | "device";
  readonly ino: number;
  /** Permission bits only. */
  readonly mode: number;
  readonly nlink: number;
  readonly uid: number;
  readonly gid: number;
  readonly size: number;
  readonly atimeMs: number;
  readonly mtimeMs: number;
  readonly ctimeMs: number;
  readonly birthtimeMs: number;
}

/** Flags of `open` with their Linux values (asm-generic/fcntl.h), which Node passes on as numbers. */
export const OpenFlag = {
  RDONLY: 0,
  WRONLY: 1,
  RDWR: 2,
  CREAT: 0o100,
  EXCL: 0o200,
  TRUNC: 0o1000,
  APPEND: 0o2000,
  DIRECTORY: 0o200000,
  NOFOLLOW: 0o400000,
} as const;

/** Signals that the kernel knows, with their Linux numbers (signal(7)). */
export const SignalNumber = {
  SIGHUP: 1,
  SIGINT: 2,
  SIGQUIT: 3,
  SIGKILL: 9,
  SIGUSR1: 10,
  SIGUSR2: 12,
  SIGPIPE: 13,
  SIGALRM: 14,
  SIGTERM: 15,
  SIGCHLD: 17,
  SIGCONT: 18,
  SIGSTOP: 19,
  SIGTSTP: 20,
  SIGTTIN: 21,
  SIGTTOU: 22,
  SIGWINCH: 28,
} as const;
export type SignalName = keyof typeof SignalNumber;

/** Where a child's descriptor comes from: the parent's own, a new pipe, or nothing (`/dev/null`). */
export type ChildStream =
  | { readonly from: "parent"; readonly fd: number }
  | { readonly from: "pipe" }
  | { readonly from: "null" };

export interface SpawnRequest {
  /** Name to look up on PATH, or a path. */
  readonly file: string;
  /** With `argv[0]`. */
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Descriptors 0, 1, 2, … of the child. */
  readonly streams: readonly ChildStream[];
  /** Leads a process group of its own, as a background job or a detached child does. */
  readonly newGroup?: boolean;
  /** Joins this group of the same session: the later processes of a pipeline. */
  readonly group?: number;
  /** The child's end of a message channel that the parent made, for fork and worker threads. */
  readonly channel?: MessagePort;
}

export interface Spawned {
  readonly pid: number;
  /** The parent's ends of the pipes, by the child's descriptor; null where there is no pipe. */
  readonly fds: readonly (number | null)[];
}

/** How a process ended (wait(2)). */
export interface WaitResult {
  readonly pid: number;
  readonly code: number | null;
  readonly signal: SignalName | null;
  /** The signal that stopped the process, which has not ended; only when asked for. */
  readonly stopped?: SignalName;
}

export interface ProcessInfo extends RunningProcess {
  readonly group: number;
}

/** Every call with its arguments and its result. Paths are absolute. */
export interface SystemCalls {
  stat(path: string): FileStatus;
  lstat(path: string): FileStatus;
  realpath(path: string): string;
  readlink(path: string): string;
  /** Whole files in one call; the fast way for small ones. */
  readFile(path: string): Uint8Array;
  writeFile(path: string, content: Uint8Array, options?: { mode?: number; append?: boolean }): void;
  readdir(path: string): { name: string; type: "file" | "directory" | "symlink" }[];
  mkdir(path: string, options?: { recursive?: boolean; mode?: number }): void;
  rmdir(path: string): void;
  unlink(path: string): void;
  /** Removes a whole tree. */
  removeTree(path: string): void;
  rename(from: string, to: string): void;
  symlink(target: string, path: string): void;
  link(existing: string, path: string): void;
  chmod(path: string, mode: number): void;
  utimes(path: string, atimeMs: number, mtimeMs: number): void;
  truncate(path: string, size: number): void;
  /** Module resolution in one call: the first of these paths that is a file, or -1. */
  firstFile(paths: readonly string[]): number;

  open(path: string, flags: number, mode?: number): number;
  close(fd: number): void;
  /** At most `length` bytes; empty at the end. `position` null: at and moving the offset. */
  read(fd: number, length: number, position: number | null): Uint8Array;
  /** All of the bytes, waiting for room as often as needed. EPIPE when nobody can read them. */
  write(fd: number, bytes: Uint8Array, position: number | null): number;
  fstat(fd: number): FileStatus;
  ftruncate(fd: number, size: number): void;
  /** Lowest free descriptor from `atLeast`, for the same open file. */
  duplicate(fd: number, atLeast?: number): number;
  duplicateTo(fd: number, target: number): void;
  pipe(): { readonly readEnd: number; readonly writeEnd: number };
  /** Size of the terminal behind the descriptor; null when there is none. */
  terminalSize(fd: number): { columns: number; rows: number } | null;
  /** Raw: keys arrive as they come; cooked: the terminal edits lines and turns Ctrl-C into SIGINT. */
  terminalMode(fd: number, mode: "raw" | "cooked"): void;
  /** The group that Ctrl-C and Ctrl-Z of the terminal go to. */
  foregroundGroup(fd: number, group: number): void;

  /** Tells of changes by `watch` events until `unwatch`. */
  watch(path: string): number;
  unwatch(watch: number): void;

  spawn(request: SpawnRequest): Spawned;
  /**
   * Waits for the end of a child; -1 for any, another negative number for any of that group. With
   * `poll`, null when it still runs; with `stopped`, a child that has stopped is told of once.
   */
  wait(pid: number, options?: { poll?: boolean; stopped?: boolean }): WaitResult | null;
  /** A negative pid names a group, 0 the own one; signal 0 only asks whether there is one. */
  kill(pid: number, signal: SignalName | 0): void;
  /**
   * What a signal does here: its default, nothing, or a `signal` event; children inherit what is
   * ignored. SIGKILL and SIGSTOP cannot be changed. A stopped process gets no answers to its calls
   * and no events until SIGCONT: it stands still from its next call on.
   */
  signalAction(signal: SignalName, action: "default" | "ignore" | "event"): void;
  processes(): readonly ProcessInfo[];

  /** A socket that waits for connections on a port of this container; EADDRINUSE when taken. 0: any. */
  listen(port: number): { readonly fd: number; readonly port: number };
  /** The next connection: a socket, which is read and written like a pipe in both directions. */
  accept(fd: number): { readonly fd: number; readonly peerPort: number };
  /** A socket to a port of this container; ECONNREFUSED when nobody listens. */
  connect(port: number): number;
  /**
   * A socket to another host, as `https://api.example.com`, on which plain HTTP/1.1 is spoken: the
   * worker passes each request on, and TLS ends there. ENETUNREACH, with words for the person, when
   * nobody has allowed the host. Who closes or shuts down the socket waits for no answer any more.
   */
  connectHttp(origin: string): number;
  /**
   * A socket for git's requests to a host, as `connectHttp` otherwise. The worker judges each request,
   * and reading it fails with EACCES when the person has not allowed that, with EPERM when nobody can.
   */
  connectGit(origin: string): number;
  /** No more bytes will be written; the peer reads the end. */
  shutdown(fd: number): void;
}

export type SystemCallName = keyof SystemCalls;
export type SystemCallArguments<Name extends SystemCallName> = Parameters<SystemCalls[Name]>;
export type SystemCallResult<Name extends SystemCallName> = ReturnType<SystemCalls[Name]>;

/** What the kernel tells a process without being asked. */
export type SystemEvent =
  | { readonly type: "signal"; readonly signal: SignalName }
  | { readonly type: "watch"; readonly watch: number; readonly event: FileEvent }
  /** The terminal behind one of the descriptors changed its size. */
  | { readonly type: "resize"; readonly columns: number; readonly rows: number };

export interface ProcessStart {
  readonly pid: number;
  readonly parent: number;
  /** Absolute path of the program file. */
  readonly program: string;
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** To the parent, when the process was spawned with `channel`. */
  readonly channel: MessagePort | null;
}

/** The kernel as one process sees it. */
export interface System {
  readonly start: ProcessStart;
  call<Name extends SystemCallName>(
    name: Name,
    ...args: SystemCallArguments<Name>
  ): Promise<SystemCallResult<Name>>;
  /** Blocks the whole process until the call has finished. */
  callSync<Name extends SystemCallName>(
    name: Name,
    ...args: SystemCallArguments<Name>
  ): SystemCallResult<Name>;
  onEvent(listener: (event: SystemEvent) => void): () => void;
  /** Ends the process at once, with what was written before it. Never returns. */
  exit(code: number): never;
}
