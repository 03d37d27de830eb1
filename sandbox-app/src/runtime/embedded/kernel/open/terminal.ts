import { callError } from "../file-errors.ts";
import type { FileStatus, SignalName } from "../system-calls.ts";
import { ByteQueue } from "./byte-queue.ts";
import { LineDiscipline } from "./line-discipline.ts";
import { BaseFile, type Caller, statusWithoutInode } from "./open-file.ts";
import { Pipe } from "./pipe.ts";
import { WaitQueue, Waits } from "./waits.ts";

/** Typed bytes that wait to be read before whoever types is made to wait. */
const INPUT_BYTES = 65_536;

const LINE_FEED = 0x0a;

export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

/** What a terminal asks of the kernel. */
export interface TerminalHost {
  signalGroup(group: number, signal: SignalName): void;
  ignores(pid: number, signal: SignalName): boolean;
}

/**
 * A terminal: the page types into it and reads its screen (the master side of a pty); processes
 * read what was typed and write to the screen through TerminalFile (the slave side).
 */
export class Terminal {
  readonly #host: TerminalHost;
  readonly #screen = new Pipe();
  readonly #discipline: LineDiscipline;
  readonly #readable = new WaitQueue();
  readonly #consumed = new WaitQueue();
  /** Lines in cooked mode; an empty one is the end of input. */
  readonly #lines: Uint8Array[] = [];
  readonly #keys = new ByteQueue();
  #size: TerminalSize;
  #mode: "raw" | "cooked" = "cooked";
  #foreground: number | null = null;
  #isHungUp = false;

  constructor(size: TerminalSize, host: TerminalHost) {
    this.#size = size;
    this.#host = host;
    this.#discipline = new LineDiscipline({
      echo: (text) => this.#echo(text),
      line: (bytes) => this.#enter(bytes),
      signal: (signal) => this.#interrupt(signal),
    });
  }

  get size(): TerminalSize {
    return this.#size;
  }

  get foreground(): number | null {
    return this.#foreground;
  }

  set foreground(group: number | null) {
    this.#foreground = group;
    this.#readable.wake();
  }

  get mode(): "raw" | "cooked" {
    return this.#mode;
  }

  set mode(mode: "raw" | "cooked") {
    if (mode === this.#mode) return;
    this.#mode = mode;
    if (mode === "raw") {
      for (const line of this.#lines.splice(0)) this.#keys.push(line);
      this.#keys.push(this.#discipline.takeLine());
    } else if (this.#keys.size > 0) {
      this.#lines.push(this.#keys.take(this.#keys.size));
    }
    this.#readable.wake();
  }

  /** Somebody types. Resolves when more may be typed. */
  async type(bytes: Uint8Array): Promise<void> {
    if (this.#isHungUp) return;
    if (this.#mode === "raw") {
      this.#keys.push(bytes.slice());
      this.#readable.wake();
    } else {
      this.#discipline.type(bytes);
    }
    while (this.#waiting() > INPUT_BYTES && !this.#isHungUp) await this.#consumed.wait(new Waits());
  }

  resize(size: TerminalSize): void {
    this.#size = size;
    if (this.#foreground !== null) this.#host.signalGroup(this.#foreground, "SIGWINCH");
  }

  /** What is to be shown; empty when the terminal has closed. */
  readScreen(length: number, waits: Waits): Uint8Array | Promise<Uint8Array> {
    return this.#screen.read(length, waits);
  }

  /** Nobody looks at the screen any more: writes go nowhere, reads end. */
  hangUp(): void {
    this.#isHungUp = true;
    this.#readable.wake();
    this.#consumed.wake();
    this.#screen.closeWriter();
  }

  async read(length: number, caller: Caller): Promise<Uint8Array> {
    for (;;) {
      if (this.#isHungUp) return new Uint8Array();
      const isForeground = this.#foreground === null || this.#foreground === caller.group;
      if (!isForeground) this.#refuse(caller);
      else if (this.#mode === "raw" && this.#keys.size > 0) {
        return this.#given(this.#keys.take(length));
      } else if (this.#mode === "cooked" && this.#lines.length > 0) {
        return this.#given(this.#takeFromLine(length));
      }
      await this.#readable.wait(caller.waits);
      // What was typed in the same moment may have ended it: the line is not for the dead.
      if (caller.waits.isOver) throw callError("EIO", "read");
    }
  }

  /** Line feeds become carriage return and line feed (ONLCR), in raw mode too, as libuv has it. */
  write(bytes: Uint8Array, { waits }: Caller): number | Promise<number> {
    if (this.#isHungUp) throw callError("EIO", "write");
    const shown = withReturns(bytes);
    const written = this.#screen.write(shown, waits);
    return typeof written === "number" ? bytes.byteLength : written.then(() => bytes.byteLength);
  }

  /** A background process that reads is stopped, or told so where it ignores that. */
  #refuse({ pid, group }: Caller): void {
    if (this.#host.ignores(pid, "SIGTTIN")) throw callError("EIO", "read");
    this.#host.signalGroup(group, "SIGTTIN");
  }

  #takeFromLine(length: number): Uint8Array {
    const line = this.#lines.shift() ?? new Uint8Array();
    if (line.byteLength <= length) return line;
    this.#lines.unshift(line.subarray(length));
    return line.slice(0, length);
  }

  #given(bytes: Uint8Array): Uint8Array {
    this.#consumed.wake();
    return bytes;
  }

  #waiting(): number {
    return this.#keys.size + this.#lines.reduce((sum, line) => sum + line.byteLength, 0);
  }

  #enter(bytes: Uint8Array): void {
    this.#lines.push(bytes);
    this.#readable.wake();
  }

  #interrupt(signal: SignalName): void {
    this.#lines.length = 0;
    this.#consumed.wake();
    if (this.#foreground !== null) this.#host.signalGroup(this.#foreground, signal);
  }

  #echo(text: string): void {
    this.#screen.force(new TextEncoder().encode(text));
  }
}

function withReturns(bytes: Uint8Array): Uint8Array {
  let feeds = 0;
  for (const byte of bytes) if (byte === LINE_FEED) feeds++;
  if (feeds === 0) return bytes;
  const shown = new Uint8Array(bytes.byteLength + feeds);
  let at = 0;
  for (const byte of bytes) {
    if (byte === LINE_FEED) shown[at++] = 0x0d;
    shown[at++] = byte;
  }
  return shown;
}

/** The slave side: what descriptors of processes stand for. */
export class TerminalFile extends BaseFile {
  override readonly terminal: Terminal;
  readonly #ino: number;

  constructor(terminal: Terminal, ino: number) {
    super();
    this.terminal = terminal;
    this.#ino = ino;
  }

  override status(): FileStatus {
    return statusWithoutInode("terminal", this.#ino);
  }

  override read(length: number, _position: number | null, caller: Caller): Promise<Uint8Array> {
    return this.terminal.read(length, caller);
  }

  override write(bytes: Uint8Array, _position: number | null, caller: Caller) {
    return this.terminal.write(bytes, caller);
  }
}
