import type { CutEvent } from "../../runtime.ts";
import { type CallHandlers, callHandlers } from "./calls/handlers.ts";
import { writeFor } from "./calls/write.ts";
import { ChangeBell } from "./change-bell.ts";
import { callError, fileError } from "./file-errors.ts";
import type { FileSystem } from "./file-system.ts";
import { PROCESS_RECORDS_MAX, PROCESSES_MAX } from "./limits.ts";
import type { OpenFile } from "./open/open-file.ts";
import { Ports } from "./open/ports.ts";
import type { Terminal } from "./open/terminal.ts";
import { Network, type NetworkOptions } from "../network/network.ts";
import {
  type ExitStatus,
  INIT,
  isAlive,
  type Process,
  type ProcessBody,
} from "./process/process.ts";
import { newProcess } from "./process/new-process.ts";
import { ProcessTable } from "./process/process-table.ts";
import { deliver, ignores, type SignalHost } from "./process/signals.ts";
import { type Program, resolveProgram } from "./programs.ts";
import type { ProcessInfo, SignalName, SystemCallName, SystemEvent } from "./system-calls.ts";

/** Exit code of a program that died of itself, as bash tells of SIGABRT (128 + 6). */
const CRASHED = 134;

/** Numbers of pipes, terminals and sockets: apart from those of files. */
const FIRST_STREAM_INO = 1_000_000_000;

export interface KernelOptions {
  readonly files: FileSystem;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Makes what runs a process; it is started, by `start`, when the process is in the table. */
  readonly launch: (process: Process, program: Program) => ProcessBody;
  /** Who passes requests to other hosts on; default: the worker of this origin. */
  readonly network?: Omit<NetworkOptions, "nextIno">;
}

export interface NewProcess {
  readonly file: string;
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Descriptors 0, 1, 2, … */
  readonly files: readonly OpenFile[];
  readonly parent: Process | null;
  /** Pid of the group to join; null: a group of its own. */
  readonly group: number | null;
  readonly terminal: Terminal | null;
  readonly channel: MessagePort | null;
}

/** The kernel: processes over one file system, and the calls that they make. */
export class Kernel implements SignalHost {
  readonly files: FileSystem;
  readonly table = new ProcessTable();
  /** What `processes` tells has changed. */
  readonly changes = new ChangeBell();
  readonly ports = new Ports(() => this.nextIno());
  readonly network: Network;
  readonly #now: () => number;
  readonly #launch: KernelOptions["launch"];
  readonly #handlers: CallHandlers;
  readonly #cutListeners = new Set<(event: CutEvent) => void>();
  #nextIno = FIRST_STREAM_INO;

  constructor({ files, now, launch, network }: KernelOptions) {
    this.files = files;
    this.network = new Network({ ...network, nextIno: () => this.nextIno() });
    this.#now = now;
    this.#launch = launch;
    this.#handlers = callHandlers(this);
    this.ports.onChange(() => this.changes.ring());
  }

  nextIno(): number {
    return this.#nextIno++;
  }

  /**
   * Makes a system call for a process. What a wrong argument leads to is the process's own harm:
   * an error, never more.
   *
   * @throws FileError (or rejects with one) as the call says
   */
  call(process: Process, name: string, args: readonly unknown[]): unknown {
    if (!isAlive(process)) throw callError("ESRCH", name);
    if (!Object.hasOwn(this.#handlers, name)) throw callError("ENOSYS", name);
    const handler = this.#handlers[name as SystemCallName] as (
      process: Process,
      ...args: unknown[]
    ) => unknown;
    return handler(process, ...args);
  }

  /**
   * Starts a process.
   *
   * @throws FileError ENOENT, EACCES for the program or the directory; EAGAIN when too many run
   */
  spawn(request: NewProcess): Process {
    const { argv, cwd, env, parent, group } = request;
    if (!isDirectory(this.files, cwd)) throw fileError("ENOENT", "spawn", request.file);
    const searchPath = env["PATH"] ?? "/usr/local/bin:/usr/bin:/bin";
    const program = resolveProgram(this.files, { file: request.file, argv, cwd, searchPath });
    if (this.table.size >= PROCESSES_MAX || this.table.records >= PROCESS_RECORDS_MAX) {
      throw fileError("EAGAIN", "spawn", request.file);
    }
    const pid = this.table.nextPid();
    const process: Process = newProcess({
      pid,
      parent,
      argv,
      terminal: request.terminal,
      startedAt: this.#now(),
    });
    process.group = group ?? pid;
    request.files.forEach((file, fd) => process.descriptors.put(fd, file, "spawn"));
    for (const [signal, action] of parent?.actions ?? []) {
      if (action === "ignore") process.actions.set(signal, action);
    }
    this.table.add(process);
    this.changes.ring();
    // A session begins in the foreground of its terminal.
    if (parent === null && process.terminal !== null) process.terminal.foreground = process.group;
    process.body = this.#launch(process, program);
    process.body.start({
      pid,
      parent: process.parent,
      program: program.path,
      argv: program.argv,
      cwd,
      env,
      channel: request.channel,
    });
    return process;
  }

  /** A process exits; what it has written before still arrives. */
  exit(process: Process, code: number): void {
    if (!isAlive(process)) return;
    process.state = { status: "exiting" };
    process.body.terminate();
    process.waits.cancelAll();
    const end = (): void => this.#ended(process, { code: code & 0xff, signal: null });
    if (process.pendingWrites.size === 0) end();
    else void Promise.allSettled(process.pendingWrites).then(end);
  }

  /** A process died of itself: out of memory, or a defect. Its standard error says why. */
  crash(process: Process, reason: string): void {
    if (!isAlive(process)) return;
    const text = `${process.argv[0]}: aborted: ${reason}\n`;
    this.tell(process, text);
    this.exit(process, CRASHED);
  }

  /** The watchdog ends a process, and everybody hears of it. */
  cut(process: Process, event: CutEvent): void {
    this.tell(process, `${process.argv[0]}: ended by the watchdog: ${event.message}\n`);
    this.end(process, "SIGKILL");
    for (const listener of this.#cutListeners) listener(event);
  }

  onCut(listener: (event: CutEvent) => void): () => void {
    this.#cutListeners.add(listener);
    return () => {
      this.#cutListeners.delete(listener);
    };
  }

  /** Writes a word of the kernel's own to the standard error of a process, if it has one. */
  tell(process: Process, text: string): void {
    if (!process.descriptors.has(2)) return;
    try {
      const file = process.descriptors.get(2, "write");
      const written = writeFor(this, process, file, new TextEncoder().encode(text), null);
      if (typeof written !== "number") written.catch(() => {});
    } catch {
      // Nobody reads it.
    }
  }

  /** Ends a process at once. */
  end(process: Process, signal: SignalName): void {
    this.#ended(process, { code: null, signal });
  }

  /** Signals a process; signals to those that have ended are lost. */
  signal(process: Process, signal: SignalName): void {
    if (process.state.status === "exiting" && signal === "SIGKILL") this.end(process, signal);
    else deliver(process, signal, this);
  }

  signalGroup(group: number, signal: SignalName): void {
    for (const process of this.table.group(group)) this.signal(process, signal);
  }

  signalSession(session: number, signal: SignalName): void {
    for (const process of this.table.session(session)) this.signal(process, signal);
  }

  tellSession(session: number, event: SystemEvent): void {
    for (const process of this.table.session(session)) process.body.send(event);
  }

  ignores(pid: number, signal: SignalName): boolean {
    const process = this.table.get(pid);
    return process !== undefined && ignores(process, signal);
  }

  continued(): void {
    this.changes.ring();
  }

  stopped(process: Process): void {
    this.changes.ring();
    this.#tellParent(process);
  }

  processes(): ProcessInfo[] {
    return this.table
      .list()
      .map(({ pid, parent, group, argv, startedAt, state, memory, load }) => ({
        pid,
        parent,
        group,
        argv,
        startedAt,
        state: state.status === "exiting" ? "running" : state.status,
        ports: this.ports.of(pid),
        memory,
        load,
      }));
  }

  /** Takes a zombie out of the table. */
  reap(process: Process): void {
    this.table.remove(process.pid);
  }

  #ended(process: Process, exit: ExitStatus): void {
    if (process.state.status === "ended") return;
    process.state = { status: "ended", exit };
    process.body.terminate();
    process.waits.cancelAll();
    process.writeWaits.cancelAll();
    process.descriptors.closeAll();
    for (const stop of process.watches.values()) stop();
    process.watches.clear();
    for (const child of this.table.children(process.pid)) {
      child.parent = INIT;
      if (child.state.status === "ended") this.reap(child);
    }
    process.exited.resolve(exit);
    this.changes.ring();
    this.#tellParent(process);
  }

  #tellParent(process: Process): void {
    const parent = this.table.get(process.parent);
    if (parent === undefined || !isAlive(parent)) {
      if (process.state.status === "ended") this.reap(process);
      return;
    }
    deliver(parent, "SIGCHLD", this);
    parent.childChanged.wake();
  }
}

function isDirectory(files: FileSystem, path: string): boolean {
  try {
    return files.stat(path).type === "directory";
  } catch {
    return false;
  }
}
