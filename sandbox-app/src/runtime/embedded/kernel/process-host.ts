import { FileError } from "../../runtime.ts";
import { callFile } from "./file-calls.ts";
import type { FileSystem } from "./file-system.ts";
import {
  FromProcess,
  type ProcessCall,
  type ReplyMessage,
  type ShellState,
  type StartMessage,
  type StartShellMessage,
  type ToProcess,
} from "./process-messages.ts";

/** What the kernel does for one process. */
export interface ProcessServices {
  readonly files: FileSystem;
  output(stream: "stdout" | "stderr", bytes: Uint8Array): Promise<void>;
  input(): Promise<Uint8Array>;
  /** Asked by interactive shells only. */
  line?(state: ShellState): Promise<string>;
  exited(code: number): void;
  /** The worker died: out of memory, or a defect. */
  crashed(reason: string): void;
}

/** The kernel's end of one process: its worker, and the answers to its calls. */
export class ProcessHost {
  readonly #worker: Worker;
  readonly #services: ProcessServices;
  #isOver = false;

  constructor(worker: Worker, services: ProcessServices) {
    this.#worker = worker;
    this.#services = services;
    worker.addEventListener("message", ({ data }) => this.#receive(data));
    worker.addEventListener("error", (event) => {
      event.preventDefault();
      this.#crash(event.message === "" ? "the worker ended" : event.message);
    });
    worker.addEventListener("messageerror", () => this.#crash("a message could not be read"));
  }

  start(message: StartMessage | StartShellMessage): void {
    this.#post(message);
  }

  /** Ends the worker at once, whatever it is doing. Nothing is told afterwards. */
  terminate(): void {
    this.#isOver = true;
    this.#worker.terminate();
  }

  #receive(data: unknown): void {
    if (this.#isOver) return;
    const parsed = FromProcess.safeParse(data);
    if (!parsed.success) {
      this.#crash("it sent what the kernel does not know");
    } else if (parsed.data.type === "exit") {
      this.terminate();
      this.#services.exited(parsed.data.code);
    } else {
      void this.#answer(parsed.data);
    }
  }

  async #answer(call: ProcessCall): Promise<void> {
    const result = await this.#perform(call).then(
      (value): ReplyMessage["result"] => ({ ok: true, value }),
      failure,
    );
    if (!this.#isOver) this.#post({ type: "reply", id: call.id, result });
  }

  async #perform(call: ProcessCall): Promise<unknown> {
    switch (call.call) {
      case "file":
        return callFile(this.#services.files, call.name, call.args);
      case "output":
        return this.#services.output(call.stream, call.bytes);
      case "input":
        return this.#services.input();
      case "line":
        if (this.#services.line === undefined) throw new Error("this process has no terminal");
        return this.#services.line(call.state);
    }
  }

  #crash(reason: string): void {
    if (this.#isOver) return;
    this.terminate();
    this.#services.crashed(reason);
  }

  #post(message: ToProcess): void {
    this.#worker.postMessage(message, []);
  }
}

function failure(error: unknown): ReplyMessage["result"] {
  const message = error instanceof Error ? error.message : String(error);
  const isFileError = error instanceof FileError;
  return {
    ok: false,
    code: isFileError ? error.code : "EINVAL",
    path: isFileError ? error.path : "",
    message,
  };
}
