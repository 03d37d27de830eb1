import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { stripVTControlCharacters } from "node:util";

/** Lines of output kept to explain a failure. */
const LOG_LINES_MAX = 200;
/** Milliseconds between the request to end and the end by force. */
const STOP_GRACE_MS = 5_000;
/** Milliseconds for the last output of a program that ended. */
const LAST_OUTPUT_MS = 500;
/** Milliseconds between two looks whether a process group is gone. */
const STOP_POLL_MS = 50;

export interface ProgramOptions {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Ends the program when it fires. */
  readonly signal: AbortSignal;
}

/** A program in a process group of its own, so that all it started ends with it. */
export class Program {
  readonly #child: ChildProcess;
  readonly #log: string[] = [];
  /** Resolves when the program has ended, with the reason in words. Never rejects. */
  readonly ended: Promise<string>;

  constructor(file: string, args: readonly string[], options: ProgramOptions) {
    this.#child = spawn(file, args, {
      cwd: options.cwd,
      env: options.env,
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => {
        this.#log.push(
          ...stripVTControlCharacters(text)
            .split("\n")
            .filter((line) => line.trim() !== ""),
        );
        this.#log.splice(0, this.#log.length - LOG_LINES_MAX);
      });
    }
    this.ended = new Promise((resolve) => {
      this.#child.once("error", (error) => resolve(error.message));
      this.#child.once("exit", (code, signal) => {
        const tell = () => resolve(signal ?? `exit code ${code}`);
        // "close" follows the last line of output, but waits for every heir of the pipes.
        this.#child.once("close", tell);
        setTimeout(tell, LAST_OUTPUT_MS);
      });
    });
    const stop = () => void this.stop();
    const kill = () => this.#child.pid !== undefined && signalGroup(this.#child.pid, "SIGKILL");
    options.signal.addEventListener("abort", stop, { once: true });
    // The last resort of a process that ends without stopping what it started.
    process.once("exit", kill);
    void this.ended.finally(() => {
      options.signal.removeEventListener("abort", stop);
      process.off("exit", kill);
    });
  }

  /** The last lines it printed, on either stream. */
  log(): string {
    return this.#log.join("\n");
  }

  get exitCode(): number | null {
    return this.#child.exitCode;
  }

  /** Ends the whole group, by force when it does not end by itself. */
  async stop(): Promise<void> {
    const { pid } = this.#child;
    if (pid === undefined) return;
    signalGroup(pid, "SIGTERM");
    const deadline = Date.now() + STOP_GRACE_MS;
    while (signalGroup(pid, 0) && Date.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, STOP_POLL_MS));
    }
    signalGroup(pid, "SIGKILL");
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      await once(this.#child, "exit");
    }
  }
}

/** @returns whether the group still has a process */
function signalGroup(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(-pid, signal);
    return true;
  } catch {
    return false;
  }
}
