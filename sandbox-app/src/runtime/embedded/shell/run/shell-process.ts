import type { AndOr, PipelineNode, Script, Statement } from "unbash";
import type { SignalName, Spawned, SpawnRequest, System } from "../../kernel/system-calls.ts";
import type { Expander } from "../expand/expander.ts";
import type { Shell } from "../state/shell.ts";
import type { Source } from "../syntax/source.ts";
import type { ExpandedAssignment } from "./assign.ts";
import { Interrupted, SIGNAL_STATUS } from "./outcome.ts";

/** Runs what other parts of the shell hand to it; a seam that keeps their imports free of cycles. */
export interface Interpreter {
  readonly expand: Expander;
  node(shell: Shell, node: PipelineNode | AndOr): Promise<number>;
  statements(shell: Shell, statements: readonly Statement[]): Promise<number>;
  /** Source text in the shell itself, as `eval` and `source` do. */
  text(shell: Shell, text: string, options?: { file?: string }): Promise<number>;
  /** What `$(…)` writes, without the line feeds at its end; the status goes to the shell. */
  substitute(shell: Shell, script: Script, source: Source): Promise<string>;
  /** `<(…)`: the path under which the other end can be opened. */
  processSubstitution(
    shell: Shell,
    script: Script,
    source: Source,
    operator: "<" | ">",
  ): Promise<string>;
  /** A command that is already expanded. */
  command(shell: Shell, argv: readonly string[], options?: CommandOptions): Promise<number>;
  /** The action of a trap. */
  trap(shell: Shell, condition: string): Promise<void>;
}

export interface CommandOptions {
  readonly functions?: boolean;
  readonly builtins?: boolean;
  /** Assignments among the arguments of a declaration, by their place in `argv`. */
  readonly assignments?: ReadonlyMap<number, ExpandedAssignment>;
}

/** Milliseconds that a script runs before events of the kernel get their turn. */
const PACE_MS = 8;

/** What all shells and subshells of one process share. */
export class ShellProcess {
  readonly system: System;
  readonly interpreter: Interpreter;
  readonly isInteractive: boolean;
  /** `$$` and `$PPID`: a process that was forked off keeps those of its shell. */
  pid: number;
  parent: number;
  /** Subshells around the shell that this process is. */
  depth = 0;
  /** Whether error messages leave out the line, as those of an interactive shell do. */
  hidesLines: boolean;
  /** Aborts what runs, for an EXIT trap to have its say before a signal ends the process. */
  readonly ending = new AbortController();
  /** File of the main script; empty without one. */
  script = "";
  /** Permission bits that new files do not get. */
  umask = 0o022;
  /** Last letters of `$-`: `c` for a command line, `s` for a script from standard input. */
  howStarted = "";
  /** Prompt escapes decoded, as in PS1 and `${x@P}`. */
  promptText: (shell: Shell, text: string) => Promise<string> = (_shell, text) =>
    Promise.resolve(text);
  /** Lines that were typed, oldest first. */
  readonly history: string[] = [];
  /** Other ends of `>(…)`: the shell outlives them, so that nothing they write is lost. */
  readonly lingering = new Set<Promise<unknown>>();
  #signalled = Promise.withResolvers<void>();
  #pacedAt = performance.now();

  constructor(system: System, interpreter: Interpreter, isInteractive: boolean) {
    this.system = system;
    this.interpreter = interpreter;
    this.isInteractive = isInteractive;
    this.hidesLines = isInteractive;
    this.pid = system.start.pid;
    this.parent = system.start.parent;
  }

  /** The process group of this shell. */
  get group(): number {
    const { pid } = this.system.start;
    return this.system.callSync("processes").find((one) => one.pid === pid)?.group ?? pid;
  }

  /**
   * Starts a program. In an interactive shell it takes no notice of Ctrl-Z: a worker that stands
   * still cannot be told from one that hangs, and only this shell knows what to say.
   */
  spawn(request: SpawnRequest): Promise<Spawned> {
    if (!this.isInteractive) return this.system.call("spawn", request);
    this.system.callSync("signalAction", "SIGTSTP", "ignore");
    const spawned = this.system.call("spawn", request);
    // Calls are answered in order: the child has inherited it by now.
    void this.system.call("signalAction", "SIGTSTP", "event");
    return spawned;
  }

  /** Resolves when the next signal with a trap comes. */
  get signalled(): Promise<void> {
    return this.#signalled.promise;
  }

  tellSignal(): void {
    this.#signalled.resolve();
    this.#signalled = Promise.withResolvers<void>();
  }

  /** A turn of the event loop, for a signal of the kernel to take effect. */
  pause(): Promise<void> {
    return nextTask();
  }

  /** Lets events in from time to time, and stops what was interrupted. */
  async pace(signal: AbortSignal): Promise<void> {
    if (performance.now() - this.#pacedAt > PACE_MS) {
      await nextTask();
      this.#pacedAt = performance.now();
    }
    throwIfAborted(signal);
  }
}

/** Why a signal aborts: the status that the command then has. */
export class AbortReason {
  readonly status: number;
  readonly signal: SignalName;

  constructor(signal: SignalName, number: number) {
    this.signal = signal;
    this.status = SIGNAL_STATUS + number;
  }
}

export function throwIfAborted(signal: AbortSignal): void {
  if (signal.aborted) throw interrupted(signal);
}

function interrupted(signal: AbortSignal): Interrupted {
  const reason: unknown = signal.reason;
  return new Interrupted(reason instanceof AbortReason ? reason.status : SIGNAL_STATUS + 2);
}

/** Waits, unless the signal comes first. */
export async function orAborted<Value>(
  waiting: Promise<Value>,
  signal: AbortSignal,
): Promise<Value> {
  throwIfAborted(signal);
  const aborted = Promise.withResolvers<never>();
  const abort = (): void => aborted.reject(interrupted(signal));
  signal.addEventListener("abort", abort, { once: true });
  try {
    return await Promise.race([waiting, aborted.promise]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}

/** One turn of the event loop; timers are clamped to 4 ms when nested, messages are not. */
function nextTask(): Promise<void> {
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    port1.addEventListener("message", () => {
      port1.close();
      resolve();
    });
    port1.start();
    port2.postMessage(null);
  });
}
