import { boundClass } from "../bound-class.ts";
import { EventEmitter } from "../stream/stream-classes.ts";
import type { NodeContext } from "../../context.ts";
import { nodeError } from "../errors/node-error.ts";
import type { Operations } from "./operations.ts";
import { promiseForm } from "./faces.ts";

type Run = (...args: unknown[]) => Promise<unknown>;

/** Methods that only put the descriptor first: name here → operation. */
const onDescriptor: Record<string, string> = {
  appendFile: "appendFile",
  chmod: "fchmod",
  chown: "fchown",
  datasync: "fdatasync",
  read: "read",
  readFile: "readFile",
  readv: "readv",
  stat: "fstat",
  sync: "fsync",
  truncate: "ftruncate",
  utimes: "futimes",
  write: "write",
  writeFile: "writeFile",
  writev: "writev",
};

export interface FileHandleLike {
  readonly fd: number;
  close(): Promise<void>;
}

interface Streams {
  createReadStream(path: unknown, options: object): object;
  createWriteStream(path: unknown, options: object): object;
}

interface Parts {
  readonly node: NodeContext;
  readonly close: Run;
}

class FileHandle extends EventEmitter {
  readonly #parts: Parts;
  #fd: number;
  #closing: Promise<void> | null = null;

  constructor(parts: Parts, fd: number) {
    super();
    this.#parts = parts;
    this.#fd = fd;
  }
  get fd(): number {
    return this.#fd;
  }
  getAsyncId(): number {
    return this.#fd;
  }
  close(): Promise<void> {
    if (this.#fd === -1) return Promise.resolve();
    this.#closing ??= this.#parts.close(this.#fd).then(() => {
      this.#fd = -1;
      this.emit("close");
    });
    return this.#closing;
  }
  createReadStream(options: object = {}): object {
    return this.#parts.node.builtin<Streams>("fs").createReadStream("", { ...options, fd: this });
  }
  createWriteStream(options: object = {}): object {
    return this.#parts.node.builtin<Streams>("fs").createWriteStream("", { ...options, fd: this });
  }
  readLines(options: object = {}): object {
    const { createInterface } = this.#parts.node.builtin<{
      createInterface: (options: object) => object;
    }>("readline");
    return createInterface({ input: this.createReadStream(options), crlfDelay: Infinity });
  }
  readableWebStream(): unknown {
    const { Readable } = this.#parts.node.builtin<{ Readable: { toWeb(stream: object): unknown } }>(
      "stream",
    );
    return Readable.toWeb(this.createReadStream({ autoClose: false }));
  }
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

/** The class of what `fs.promises.open` gives. */
export function createFileHandle(
  node: NodeContext,
  operations: Operations,
): new (fd: number) => FileHandleLike {
  node.builtin("events");
  const run = (name: string): Run => promiseForm(node, name, operations[name] as never) as Run;
  const close = run("close");
  const Bound = boundClass(FileHandle, { node, close });
  for (const [method, name] of Object.entries(onDescriptor)) {
    const body = run(name);
    Object.defineProperty(FileHandle.prototype, method, {
      configurable: true,
      writable: true,
      value(this: FileHandle, ...args: unknown[]) {
        if (this.fd === -1) {
          const error = nodeError("EBADF", "file closed");
          return Promise.reject(Object.assign(error, { syscall: name.replace(/^f/, "") }));
        }
        return body(this.fd, ...args);
      },
    });
  }
  return Bound;
}
