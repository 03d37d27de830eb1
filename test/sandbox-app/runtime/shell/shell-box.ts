import { Terminal } from "#sandbox/runtime/embedded/kernel/open/terminal.ts";
import { Waits } from "#sandbox/runtime/embedded/kernel/open/waits.ts";
import { runShellProgram } from "#sandbox/runtime/embedded/shell/start.ts";
import { KernelInThread, type Ran } from "#test/support/kernel-in-thread.ts";

// oxlint-disable-next-line no-control-regex -- terminals speak in control characters
const control = /\x1b\[[0-9;?]*[A-Za-z]/g;

export function newBox(): KernelInThread {
  return new KernelInThread({ shell: runShellProgram });
}

/** Runs a command line in the container's shell. */
export function bash(line: string, box = newBox()): Promise<Ran> {
  return box.run(["bash", "-c", line]);
}

/** A shell in a terminal, and the person who types into it. */
export class Person {
  readonly box: KernelInThread;
  readonly #terminal: Terminal;
  readonly exit: Promise<{ code: number | null }>;
  screen = "";

  constructor(box = newBox(), env: Readonly<Record<string, string>> = { PS1: "\\$ " }) {
    this.box = box;
    this.#terminal = new Terminal({ columns: 80, rows: 24 }, box.kernel);
    const process = box.runInTerminal(["bash"], this.#terminal, { env });
    this.exit = process.exited.promise;
    void this.#watch();
  }

  async type(keys: string): Promise<void> {
    await this.#terminal.type(new TextEncoder().encode(keys));
  }

  /** Waits until the screen, colours left out, shows something new that matches. */
  async sees(pattern: RegExp): Promise<string> {
    const end = Date.now() + 5_000;
    while (Date.now() < end) {
      const match = pattern.exec(this.screen);
      if (match !== null) {
        this.screen = this.screen.slice(match.index + match[0].length);
        return match[0];
      }
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    throw new Error(`the screen never showed ${String(pattern)}: ${JSON.stringify(this.screen)}`);
  }

  async #watch(): Promise<void> {
    for (;;) {
      const bytes = await this.#terminal.readScreen(65_536, new Waits());
      if (bytes.byteLength === 0) return;
      this.screen += new TextDecoder().decode(bytes.slice()).replaceAll(control, "");
    }
  }
}
