import type { NodeContext } from "./context.ts";
import { fatalText } from "./fatal/fatal-text.ts";
import { rejectionError } from "./fatal/unhandled-rejection.ts";
import type { LoopOwner, NodeLoop } from "./loop/event-loop.ts";
import { fromFileUrl } from "./modules/file-url.ts";
import type { ThreadEnd } from "./parentage.ts";
import type { GuestProcess } from "./process/create-process.ts";
import { ExitCode, exitStatus } from "./process/exit.ts";

type Origin = "uncaughtException" | "unhandledRejection";

/** How a process ends: by itself, by `process.exit`, by an error (Node, process.md, "Event: 'exit'"). */
export class Termination implements LoopOwner {
  readonly #node: NodeContext;
  readonly #process: GuestProcess;
  readonly #loop: NodeLoop;
  /** Set while a main program waits for a top-level await. */
  mainIsPending = false;
  /** Texts of programs that are in no file, by the name that stacks have for them. */
  readonly sources = new Map<string, string>();

  constructor(node: NodeContext, process: GuestProcess, loop: NodeLoop) {
    this.#node = node;
    this.#process = process;
    this.#loop = loop;
  }

  beforeExit(): void {
    if (this.mainIsPending) return;
    this.#process.emit("beforeExit", exitStatus(this.#process.exitCode));
  }

  /** @throws ERR_INVALID_ARG_TYPE never: the code was checked when it was set */
  exit(): never {
    const process = this.#process;
    if (!process._exiting) {
      if (this.mainIsPending && this.#loop.isIdle) this.#tellUnsettled();
      process._exiting = true;
      try {
        process.emit("exit", exitStatus(process.exitCode));
      } catch (error) {
        this.#failedAtExit(error);
      }
    }
    return this.end(exitStatus(process.exitCode));
  }

  /** An `exit` handler failed: others may still catch it; the code is that of the exit, if it says so. */
  #failedAtExit(error: unknown): void {
    const process = this.#process;
    if (process.emit("uncaughtException", error, "uncaughtException")) return;
    this.#tell(error);
    process.exitCode = exitStatus(process.exitCode) || ExitCode.uncaught;
  }

  /** Ends at once, without handlers. */
  end(code: number): never {
    this.#loop.stop();
    return this.#node.system.exit(code);
  }

  fail(error: unknown, origin: Origin = "uncaughtException"): void {
    const process = this.#process;
    if (process._exiting) {
      this.#failedInHandler(error);
      return;
    }
    try {
      process.emit("uncaughtExceptionMonitor", error, origin);
      if (process._exceptionCallback !== null) {
        process._exceptionCallback(error);
        return;
      }
      if (process.emit("uncaughtException", error, origin)) return;
    } catch (later) {
      this.#failedInHandler(later);
    }
    this.#tell(error, origin === "unhandledRejection");
    this.#endWith(ExitCode.uncaught);
  }

  /** By the mode of `--unhandled-rejections` (Node, cli.md). */
  rejected(reason: unknown, promise: Promise<unknown>): void {
    const { unhandledRejections: mode } = this.#node.options;
    if (mode === "strict") {
      this.fail(rejectionError(reason), "unhandledRejection");
      return;
    }
    const isHandled = this.#process.emit("unhandledRejection", reason, promise);
    if (mode === "none" || (isHandled && mode === "throw")) return;
    if (mode === "throw") {
      this.fail(rejectionError(reason), "unhandledRejection");
      return;
    }
    const words =
      reason instanceof Error ? (reason.stack ?? reason.message) : this.#inspect(reason);
    this.#process.emitWarning(words, "UnhandledPromiseRejectionWarning");
    if (mode === "warn-with-error-code" && !isHandled) this.#process.exitCode = ExitCode.uncaught;
  }

  /** A handler of last resort failed: no other one is asked. */
  #failedInHandler(error: unknown): never {
    this.#tell(error);
    return this.end(ExitCode.handlerFailed);
  }

  #endWith(code: number): never {
    const process = this.#process;
    process._exiting = true;
    process.exitCode = code;
    try {
      process.emit("exit", code);
    } catch {
      // One error has been told already.
    }
    return this.end(exitStatus(process.exitCode));
  }

  #tellUnsettled(): void {
    if (this.#process.exitCode !== undefined) return;
    this.#process.exitCode = ExitCode.unsettledAwait;
    this.#node.writeSync(2, "Warning: Detected unsettled top-level await\n");
  }

  #tell(error: unknown, isRejection = false): void {
    if (!this.#node.thread.isMainThread) {
      this.#node.builtin<ThreadEnd>("internal/thread").reportError(error);
      return;
    }
    const text = fatalText(error, {
      inspect: (value) => this.#inspect(value),
      read: (file) => this.#read(file),
      isRejection,
    });
    this.#node.writeSync(2, text);
  }

  #inspect(value: unknown): string {
    return this.#node.builtin<{ inspect(value: unknown): string }>("util").inspect(value);
  }

  #read(file: string): string | null {
    const source = this.sources.get(file);
    if (source !== undefined) return source;
    const path = file.startsWith("file:") ? fromFileUrl(new URL(file)) : file;
    try {
      return new TextDecoder().decode(this.#node.system.callSync("readFile", path));
    } catch {
      return null;
    }
  }
}
