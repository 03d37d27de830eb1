import type { NodeContext } from "../../context.ts";
import type { EmitterLike } from "../stream/stream-types.ts";
import { callableClass } from "../callable-class.ts";
import { clearLine, clearScreenDown, cursorTo, moveCursor } from "../tty/terminal-output.ts";
import { createInterfaceClass, createPromisesInterfaceClass } from "./interface.ts";
import { keysOf } from "./keypress.ts";

/** `node:readline` and `node:readline/promises`. */
export function createReadline(node: NodeContext): unknown {
  const Interface = createInterfaceClass(node);
  const Promised = createPromisesInterfaceClass(node);
  const watched = new WeakSet<object>();
  return {
    Interface: callableClass(Interface),
    createInterface: (...args: ConstructorParameters<typeof Interface>) => new Interface(...args),
    cursorTo,
    moveCursor,
    clearLine,
    clearScreenDown,
    emitKeypressEvents: (stream: EmitterLike) => {
      if (watched.has(stream)) return;
      watched.add(stream);
      stream.on("data", (chunk: Uint8Array | string) => {
        for (const key of keysOf(String(chunk))) stream.emit("keypress", key.text, key);
      });
    },
    promises: {
      Interface: Promised,
      createInterface: (...args: ConstructorParameters<typeof Promised>) => new Promised(...args),
      Readline: readlineClass(),
    },
  };
}

type Out = Parameters<typeof clearLine>[0];

/** `readline.promises.Readline`: terminal control that is collected and then committed. */
function readlineClass() {
  return class Readline {
    readonly #stream: Out;
    #pending = "";

    constructor(stream: Out) {
      this.#stream = stream;
    }
    #collect(act: (out: Out) => unknown): this {
      act({
        write: (text) => {
          this.#pending += text;
          return true;
        },
      });
      return this;
    }
    cursorTo(x: number, y?: number): this {
      return this.#collect((out) => cursorTo(out, x, y));
    }
    moveCursor(dx: number, dy: number): this {
      return this.#collect((out) => moveCursor(out, dx, dy));
    }
    clearLine(direction: number): this {
      return this.#collect((out) => clearLine(out, direction));
    }
    clearScreenDown(): this {
      return this.#collect((out) => clearScreenDown(out));
    }
    rollback(): this {
      this.#pending = "";
      return this;
    }
    commit(): Promise<void> {
      const text = this.#pending;
      this.#pending = "";
      return new Promise((resolve) => {
        this.#stream.write(text, resolve);
      });
    }
  };
}
