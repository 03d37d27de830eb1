import type { FileStatus } from "../../../kernel/system-calls.ts";
import type { NodeContext } from "../../context.ts";
import { errnoOf } from "../errors/errno.ts";
import { codeOf, systemError } from "../errors/system-error.ts";
import type { Callback, StreamModule } from "../stream/stream-types.ts";
import { colorDepth, terminalWrites } from "../tty/terminal-output.ts";

/** Node's stdout: written at once (files, pipes and terminals are synchronous on Linux). */
export function createStdoutClass(node: NodeContext, terminal: boolean) {
  const { Writable } = node.builtin<StreamModule>("stream");

  class Stdout extends Writable {
    readonly fd: number;
    readonly _type: string;
    readonly _isStdio = true;

    constructor(fd: number, type: FileStatus["type"]) {
      super({ decodeStrings: true, emitClose: false });
      this.fd = fd;
      this._type = type === "file" ? "fs" : terminal ? "tty" : "pipe";
    }
    _write(chunk: Uint8Array, _encoding: string, callback: Callback): void {
      try {
        if (chunk.byteLength > 0) node.system.callSync("write", this.fd, chunk, null);
        callback();
      } catch (error) {
        callback(this._type === "fs" ? fileError(error) : streamError(error));
      }
    }
    /** The standard streams stay open to the end: each write that fails is an error anew. */
    _destroy(error: Error | null, callback: Callback): void {
      callback(error);
      (this as unknown as Undestroyable)._undestroy();
      node.process.nextTick(() => this.emit("close"));
    }
    destroySoon(): void {
      this.destroy();
    }
  }
  // What an error that nobody handles names.
  Object.defineProperty(Stdout, "name", { value: terminal ? "WriteStream" : "Socket" });
  if (terminal) makeTerminal(node, Stdout.prototype);
  return Stdout;
}

/** What readable-stream has and its type does not tell. */
interface Undestroyable {
  _undestroy(): void;
}

function fileError(error: unknown): Error {
  return systemError({ code: codeOf(error), syscall: "write" });
}

/** `write EPIPE`, as streams that are no files have it. */
function streamError(error: unknown): Error {
  const code = codeOf(error);
  return Object.assign(new Error(`write ${code}`), {
    errno: errnoOf(code),
    code,
    syscall: "write",
  });
}

function makeTerminal(node: NodeContext, prototype: object): void {
  const size = (fd: number) =>
    node.system.callSync("terminalSize", fd) ?? { columns: 80, rows: 24 };
  Object.assign(prototype, terminalWrites, {
    isTTY: true,
    getWindowSize(this: { fd: number }) {
      const { columns, rows } = size(this.fd);
      return [columns, rows];
    },
    getColorDepth: (env = node.process.env) => colorDepth(env),
    hasColors: (count: unknown = 16, env = node.process.env) =>
      (typeof count === "number" ? count : 16) <= 2 ** colorDepth(env),
    ref(): unknown {
      return this;
    },
    unref(): unknown {
      return this;
    },
  });
  for (const name of ["columns", "rows"] as const) {
    Object.defineProperty(prototype, name, {
      configurable: true,
      enumerable: true,
      get(this: { fd: number }) {
        return size(this.fd)[name];
      },
      set(this: object, value: unknown) {
        Object.defineProperty(this, name, { value, writable: true, configurable: true });
      },
    });
  }
}
