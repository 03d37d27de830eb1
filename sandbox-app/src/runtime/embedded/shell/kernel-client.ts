import { FileError, type FileErrorCode } from "../../runtime.ts";
import type { FileCallName, FileCalls } from "../kernel/file-calls.ts";
import type {
  FromProcess,
  ProcessCall,
  ReplyMessage,
  ShellState,
} from "../kernel/process-messages.ts";

type Body<T> = T extends unknown ? Omit<T, "type" | "id"> : never;

interface Waiter {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/** The process's side of its talk with the kernel. */
export class KernelClient {
  readonly #send: (message: FromProcess) => void;
  readonly #waiters = new Map<number, Waiter>();
  #nextId = 1;

  constructor(send: (message: FromProcess) => void) {
    this.#send = send;
  }

  /** The kernel's file system; rejects with the FileError that the kernel threw. */
  readonly files: FileCalls = new Proxy({} as FileCalls, {
    get:
      (_, name: FileCallName) =>
      (...args: unknown[]) =>
        this.#call({ call: "file", name, args }),
  });

  /** Resolves when there is room for more. */
  async output(stream: "stdout" | "stderr", bytes: Uint8Array): Promise<void> {
    await this.#call({ call: "output", stream, bytes });
  }

  /** Waits for the end of standard input. */
  async input(): Promise<Uint8Array> {
    return (await this.#call({ call: "input" })) as Uint8Array;
  }

  /** Waits for the next line of an interactive shell. */
  async line(state: ShellState): Promise<string> {
    return (await this.#call({ call: "line", state })) as string;
  }

  exit(code: number): void {
    this.#send({ type: "exit", code: code & 0xff });
  }

  settle({ id, result }: ReplyMessage): void {
    const waiter = this.#waiters.get(id);
    this.#waiters.delete(id);
    if (result.ok) waiter?.resolve(result.value);
    else {
      waiter?.reject(new FileError(result.code as FileErrorCode, result.path, result.message));
    }
  }

  #call(body: Body<ProcessCall>): Promise<unknown> {
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#waiters.set(id, { resolve, reject });
      this.#send({ type: "call", id, ...body });
    });
  }
}
