import { afterAll, describe, expect, it } from "vitest";
import { HOME, WORKSPACE } from "#sandbox/runtime/embedded/kernel/layout.ts";
import { NodeContainer } from "#test/support/node-container.ts";

const container = new NodeContainer();
afterAll(() => container.dispose());

/** A person at a terminal who types, and waits for what comes. */
class Session {
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly exit: Promise<{ code: number | null }>;
  #seen = "";

  private constructor(process: Awaited<ReturnType<typeof container.runtime.spawn>>) {
    this.#writer = process.stdin.getWriter();
    this.#reader = process.stdout.getReader();
    this.exit = process.exit;
  }

  static async start(): Promise<Session> {
    const size = { columns: 80, rows: 24 };
    const process = await container.runtime.spawn("node", [], { cwd: WORKSPACE, pty: size });
    return new Session(process);
  }

  type(text: string): Promise<void> {
    return this.#writer.write(new TextEncoder().encode(text));
  }

  /** Reads on until the text has come; what came before it is forgotten. */
  async until(text: string): Promise<void> {
    while (!this.#seen.includes(text)) {
      const { value, done } = await this.#reader.read();
      if (done) throw new Error(`The output ended without ${text}: ${this.#seen}`);
      this.#seen += new TextDecoder().decode(value);
    }
    this.#seen = this.#seen.slice(this.#seen.indexOf(text) + text.length);
  }
}

const UP = "\x1b[A";
const CTRL_D = "\x04";

describe("node at a terminal", () => {
  it("evaluates inputs, of several lines too, with what was before", async () => {
    const session = await Session.start();
    await session.until('Type ".help" for more information.');
    await session.type("const first = await Promise.resolve(40)\r");
    await session.until("undefined");
    await session.type("function sum(a) {\r");
    await session.until("| ");
    await session.type("return a + first }\rsum(2)\r");
    await session.until("42");
    await session.type("throw new RangeError('oops')\r");
    await session.until("Uncaught RangeError: oops");
    await session.type("_error.name\r");
    await session.until("RangeError");
    await session.type(".exit\r");
    expect(await session.exit).toMatchObject({ code: 0 });
  });

  it("remembers inputs, also those of earlier sessions", async () => {
    const first = await Session.start();
    await first.until("> ");
    await first.type("6 * 7\r");
    await first.until("42");
    await first.until("> ");
    await first.type("'oth' + 'er'\r");
    await first.until("'other'");
    await first.until("> ");
    await first.type(CTRL_D);
    expect(await first.exit).toMatchObject({ code: 0 });
    expect(new TextDecoder().decode(container.files.read(`${HOME}/.node_repl_history`))).toMatch(
      /^'oth' \+ 'er'\n6 \* 7\n/,
    );
    const second = await Session.start();
    await second.until("> ");
    await second.type(`${UP}${UP}\r`);
    await second.until("42");
    await second.type("process.exit(5)\r");
    expect(await second.exit).toMatchObject({ code: 5 });
  });

  it("goes on after an error that nobody caught", async () => {
    const session = await Session.start();
    await session.until("> ");
    await session.type("setTimeout(() => { throw new Error('late') }, 1), 'started'\r");
    await session.until("'started'");
    await session.until("Uncaught Error: late");
    await session.type("'still' + ' here'\r");
    await session.until("'still here'");
    await session.until("> ");
    await session.type(CTRL_D);
    await session.exit;
  });
});
