import type { Process, ProcessExit, Signal } from "../../runtime.ts";
import type { FileSystem } from "../kernel/file-system.ts";
import { HOME } from "../kernel/layout.ts";
import { OutputPipe } from "../kernel/output-pipe.ts";
import { ProcessHost } from "../kernel/process-host.ts";
import type { ShellState } from "../kernel/process-messages.ts";
import { isIncomplete } from "../shell/guard.ts";
import { decodeKeys, type Key } from "./keys.ts";
import { Prompt } from "./prompt.ts";

/** `$?` after ctrl-C: 128 + SIGINT (bash(1), EXIT STATUS). */
const INTERRUPTED = 130;
const CRASHED = 134;

/** What is typed while a command runs waits for the prompt; beyond this much it is dropped. */
const TYPED_AHEAD_MAX = 4_096;

type Mode =
  /** The shell starts, or runs a command. */
  | { readonly name: "busy" }
  | { readonly name: "prompt"; readonly answer: (source: string) => void };

export interface TerminalOptions {
  readonly takeWorker: () => Worker;
  readonly files: FileSystem;
  readonly pid: number;
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly columns: number;
}

/**
 * An interactive shell and the terminal it runs in. The line is edited here; the shell's worker only
 * runs commands. Ctrl-C ends that worker, however busy it is, and a new one goes on from the state
 * of the last prompt: what the interrupted command itself had changed in the shell is lost.
 */
export class TerminalProcess implements Process {
  readonly id: string;
  readonly stdin: WritableStream<Uint8Array>;
  readonly stdout: ReadableStream<Uint8Array>;
  readonly stderr = null;
  readonly exit: Promise<ProcessExit>;
  readonly #options: TerminalOptions;
  readonly #screen = new OutputPipe();
  readonly #exit = Promise.withResolvers<ProcessExit>();
  readonly #prompt: Prompt;
  readonly #typedAhead: Key[] = [];
  #state: ShellState;
  #mode: Mode = { name: "busy" };
  #host: ProcessHost;
  #hasPrompted = false;
  #atLineStart = true;
  #rest = "";

  constructor(options: TerminalOptions) {
    this.#options = options;
    this.#state = { cwd: options.cwd, status: 0, script: "shopt -s expand_aliases" };
    this.#prompt = new Prompt({
      write: (text) => this.#show(text),
      isIncomplete,
      columns: options.columns,
    });
    this.id = String(options.pid);
    this.stdout = this.#screen.readable;
    this.exit = this.#exit.promise;
    this.stdin = this.#openInput();
    this.#host = this.#startShell();
  }

  /** SIGINT interrupts the running command, as ctrl-C does; the others end the shell. */
  kill(signal: Signal = "SIGTERM"): void {
    if (signal === "SIGINT") this.#press({ type: "interrupt" });
    else this.#end({ code: null, signal });
  }

  resize(columns: number, _rows: number): void {
    this.#prompt.resize(columns);
    if (this.#mode.name === "prompt") this.#prompt.redraw();
  }

  #openInput(): WritableStream<Uint8Array> {
    const decoder = new TextDecoder();
    return new WritableStream<Uint8Array>({
      write: (chunk) => {
        const { keys, rest } = decodeKeys(this.#rest + decoder.decode(chunk, { stream: true }));
        this.#rest = rest;
        for (const key of keys) this.#press(key);
      },
      close: () => this.#end({ code: null, signal: "SIGTERM" }),
      abort: () => this.#end({ code: null, signal: "SIGKILL" }),
    });
  }

  #startShell(): ProcessHost {
    const { takeWorker, files, pid, env } = this.#options;
    const host = new ProcessHost(takeWorker(), {
      files,
      output: (_stream, bytes) => this.#screen.write(this.#asScreen(bytes)),
      input: () => Promise.resolve(new Uint8Array()),
      line: (state) => this.#readCommand(state),
      exited: (code) => this.#end({ code, signal: null }),
      crashed: (reason) => this.#restartAfterCrash(reason),
    });
    host.start({ type: "start_shell", pid, env, state: this.#state });
    return host;
  }

  #readCommand(state: ShellState): Promise<string> {
    this.#state = state;
    this.#hasPrompted = true;
    return new Promise((resolve) => {
      this.#mode = { name: "prompt", answer: resolve };
      if (!this.#atLineStart) this.#show("\r\n");
      this.#prompt.show(tilde(state.cwd));
      for (const key of this.#typedAhead.splice(0)) this.#press(key);
    });
  }

  #press(key: Key): void {
    if (this.#mode.name === "busy") {
      if (key.type === "interrupt") this.#interrupt();
      else if (this.#typedAhead.length < TYPED_AHEAD_MAX) this.#typedAhead.push(key);
      return;
    }
    const entered = this.#prompt.press(key);
    if (entered.type === "nothing") return;
    const { answer } = this.#mode;
    this.#mode = { name: "busy" };
    this.#atLineStart = true;
    answer(entered.type === "end" ? "exit" : entered.source);
  }

  #interrupt(): void {
    this.#typedAhead.length = 0;
    this.#host.terminate();
    this.#show("^C\r\n");
    this.#atLineStart = true;
    this.#state = { ...this.#state, status: INTERRUPTED };
    this.#host = this.#startShell();
  }

  #restartAfterCrash(reason: string): void {
    this.#show(`\r\nbash: aborted: ${reason}\r\n`);
    this.#atLineStart = true;
    // A shell that dies before it ever prompts would die for ever.
    if (!this.#hasPrompted) return this.#end({ code: CRASHED, signal: null });
    this.#hasPrompted = false;
    this.#mode = { name: "busy" };
    this.#state = { ...this.#state, status: CRASHED };
    this.#host = this.#startShell();
  }

  #end(exit: ProcessExit): void {
    this.#host.terminate();
    this.#screen.close();
    this.#exit.resolve(exit);
  }

  #show(text: string): void {
    void this.#screen.write(new TextEncoder().encode(text));
  }

  /** Programs end lines with a line feed alone; a terminal needs the carriage return too (ONLCR). */
  #asScreen(bytes: Uint8Array): Uint8Array {
    const LF = 10;
    this.#atLineStart = bytes.at(-1) === LF;
    const feeds = bytes.reduce((count, byte) => (byte === LF ? count + 1 : count), 0);
    const screen = new Uint8Array(bytes.byteLength + feeds);
    let at = 0;
    for (const byte of bytes) {
      if (byte === LF) screen[at++] = 13;
      screen[at++] = byte;
    }
    return screen;
  }
}

function tilde(path: string): string {
  return path === HOME || path.startsWith(`${HOME}/`) ? `~${path.slice(HOME.length)}` : path;
}
