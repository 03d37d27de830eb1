import type { System } from "../../kernel/system-calls.ts";

const encoder = new TextEncoder();
const CLEAR_LINE = "\r\u001B[K";

/** What npm says: results to stdout, everything else to stderr, progress on one line of a terminal. */
export class Output {
  readonly #system: Pick<System, "call">;
  readonly #silent: boolean;
  readonly #isTerminal: boolean;
  #isLineOpen = false;
  /** Lines go out in the order in which they were said. */
  #last: Promise<unknown> = Promise.resolve();

  private constructor(system: Pick<System, "call">, silent: boolean, isTerminal: boolean) {
    this.#system = system;
    this.#silent = silent;
    this.#isTerminal = isTerminal;
  }

  static async open(system: Pick<System, "call">, silent: boolean): Promise<Output> {
    const size = await system.call("terminalSize", 2).catch(() => null);
    return new Output(system, silent, size !== null);
  }

  get isSilent(): boolean {
    return this.#silent;
  }

  /** A result: also when npm is told to be silent. */
  result(text: string): void {
    this.clearProgress();
    this.#write(1, `${text}\n`);
  }

  /** A remark beside the result, on stdout as npm has it. */
  say(text: string): void {
    if (!this.#silent) this.result(text);
  }

  warn(line: string): void {
    if (!this.#silent) this.#line(`npm warn ${line}`);
  }

  notice(line: string): void {
    if (!this.#silent) this.#line(`npm notice ${line}`.trimEnd());
  }

  error(line: string): void {
    if (!this.#silent) this.#line(`npm error ${line}`.trimEnd());
  }

  progress(text: string): void {
    if (!this.#isTerminal || this.#silent) return;
    this.#write(2, `${CLEAR_LINE}${text}`);
    this.#isLineOpen = true;
  }

  clearProgress(): void {
    if (!this.#isLineOpen) return;
    this.#isLineOpen = false;
    this.#write(2, CLEAR_LINE);
  }

  /** Resolves when all that was said has been written. */
  async flush(): Promise<void> {
    this.clearProgress();
    await this.#last;
  }

  #line(text: string): void {
    this.clearProgress();
    this.#write(2, `${text}\n`);
  }

  #write(fd: number, text: string): void {
    const write = async (): Promise<void> => {
      await this.#system.call("write", fd, encoder.encode(text), null);
    };
    // A reader that has gone wants to hear no more.
    this.#last = this.#last.then(write).catch(() => {});
  }
}
