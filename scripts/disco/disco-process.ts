import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { createInterface } from "node:readline";
import { type Ready, parseReadyLine } from "./ready-line.ts";
import { top } from "./top.ts";

/** Milliseconds from the start to the ready line; a first start builds the page. */
const START_TIMEOUT_MS = 150_000;
/** Milliseconds to end before it is ended by force. */
const STOP_TIMEOUT_MS = 20_000;

/** `npm start -- --headless` as a child of this process: what a program does that uses Disco. */
export class DiscoProcess {
  readonly ready: Ready;
  readonly #child: ChildProcess;
  /** Everything it printed to stdout, line by line. */
  readonly stdout: readonly string[];

  private constructor(child: ChildProcess, ready: Ready, stdout: readonly string[]) {
    this.#child = child;
    this.ready = ready;
    this.stdout = stdout;
  }

  /**
   * @param state directory for secret and records
   * @param log gets the lines of its stderr
   * @param more arguments of `npm start`
   * @throws Error with its output when it ends before it is ready
   */
  static async start(
    state: string,
    log: (line: string) => void = () => {},
    more: readonly string[] = [],
  ): Promise<DiscoProcess> {
    const child = spawnDisco(["--headless", "--port", "0", "--state", state, ...more]);
    const stdout: string[] = [];
    const stderr: string[] = [];
    createInterface({ input: child.stderr as NodeJS.ReadableStream }).on("line", (line) => {
      stderr.push(line);
      log(line);
    });
    const { promise, resolve, reject } = Promise.withResolvers<Ready>();
    createInterface({ input: child.stdout as NodeJS.ReadableStream }).on("line", (line) => {
      stdout.push(line);
      const ready = parseReadyLine(line);
      if (ready) resolve(ready);
    });
    const fail = (why: string) => reject(new Error(`Disco ${why}:\n${stderr.join("\n")}`));
    child.once("exit", (code, signal) => fail(`ended with ${signal ?? code}`));
    const timer = setTimeout(() => fail("was not ready in time"), START_TIMEOUT_MS);
    try {
      return new DiscoProcess(child, await promise, stdout);
    } catch (error) {
      child.kill("SIGTERM");
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** @returns the exit code; null when it was ended by force */
  async stop(signal: NodeJS.Signals = "SIGTERM"): Promise<number | null> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) {
      return this.#child.exitCode;
    }
    const exit = once(this.#child, "exit");
    this.#child.kill(signal);
    const timer = setTimeout(() => this.#child.kill("SIGKILL"), STOP_TIMEOUT_MS);
    await exit;
    clearTimeout(timer);
    return this.#child.exitCode;
  }
}

/** Starts the boot script with the job `start`, under the Node of this process. */
export function spawnDisco(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): ChildProcess {
  const boot = path.join(top, "scripts/boot.mjs");
  return spawn(process.execPath, [boot, "start", ...args], {
    cwd: top,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
}
