import { FileSystem } from "#sandbox/runtime/embedded/kernel/file-system.ts";
import { callFile } from "#sandbox/runtime/embedded/kernel/file-calls.ts";
import { baseEnvironment, layOut, WORKSPACE } from "#sandbox/runtime/embedded/kernel/layout.ts";
import {
  type FromProcess,
  FromProcess as FromProcessSchema,
  type ReplyMessage,
  type ShellState,
} from "#sandbox/runtime/embedded/kernel/process-messages.ts";
import { findProgram, shellPrograms } from "#sandbox/runtime/embedded/kernel/programs.ts";
import { KernelClient } from "#sandbox/runtime/embedded/shell/kernel-client.ts";
import { runProgram } from "#sandbox/runtime/embedded/shell/run-program.ts";
import { ShellSession } from "#sandbox/runtime/embedded/shell/session.ts";
import { FileError } from "#sandbox/runtime/runtime.ts";

export interface Ran {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number;
}

interface Calls {
  input(): Promise<Uint8Array>;
  line(state: ShellState): Promise<string>;
}

/** The shell of a process in this thread, on a file system of its own: same code, no workers. */
export class InThreadShell {
  readonly files: FileSystem;
  /** Chunks of output in the order in which they came. */
  readonly chunks: { stream: "stdout" | "stderr"; bytes: Uint8Array }[] = [];

  constructor() {
    this.files = new FileSystem({ maxBytes: 1e9, now: () => Date.now() });
    layOut(this.files, shellPrograms);
  }

  async run(argv: readonly string[], input: Uint8Array = new Uint8Array()): Promise<Ran> {
    this.chunks.length = 0;
    const client = this.#client({
      input: () => Promise.resolve(input),
      line: () => Promise.reject(new Error("no terminal")),
    });
    const program = findProgram(this.files, argv[0] ?? "", WORKSPACE, "/usr/bin:/bin");
    const start = { type: "start", pid: 7, program, argv, cwd: WORKSPACE, env: baseEnvironment };
    const code = await runProgram({ ...start, type: "start" }, client);
    return { stdout: this.text("stdout"), stderr: this.text("stderr"), code: code & 0xff };
  }

  bash(line: string, input?: string): Promise<Ran> {
    return this.run(["bash", "-c", line], new TextEncoder().encode(input ?? ""));
  }

  /** Types lines into an interactive shell; `states` are what it reported at each prompt. */
  async session(
    lines: readonly string[],
    state: ShellState = { cwd: WORKSPACE, status: 0, script: "" },
  ): Promise<Ran & { states: ShellState[] }> {
    this.chunks.length = 0;
    const states: ShellState[] = [];
    const client = this.#client({
      input: () => Promise.resolve(new Uint8Array()),
      line: (reported) => Promise.resolve(lines[states.push(reported) - 1] ?? "exit"),
    });
    const start = { type: "start_shell", pid: 7, env: baseEnvironment, state } as const;
    const code = await new ShellSession(start, client).run();
    return { stdout: this.text("stdout"), stderr: this.text("stderr"), code, states };
  }

  text(stream: "stdout" | "stderr"): string {
    const chunks = this.chunks.filter((chunk) => chunk.stream === stream);
    return Buffer.concat(chunks.map(({ bytes }) => bytes)).toString("utf8");
  }

  #client(calls: Calls): KernelClient {
    const client: KernelClient = new KernelClient((message: FromProcess) => {
      const parsed = FromProcessSchema.parse(structuredClone(message));
      if (parsed.type !== "call") return;
      const answer = async (): Promise<unknown> => {
        switch (parsed.call) {
          case "file":
            return callFile(this.files, parsed.name, parsed.args);
          case "output":
            this.chunks.push({ stream: parsed.stream, bytes: parsed.bytes });
            return undefined;
          case "input":
            return calls.input();
          case "line":
            return calls.line(parsed.state);
        }
      };
      const settle = (result: ReplyMessage["result"]): void =>
        client.settle({ type: "reply", id: parsed.id, result: structuredClone(result) });
      answer().then(
        (value) => settle({ ok: true, value }),
        (error: unknown) => {
          if (!(error instanceof FileError)) throw error;
          settle({ ok: false, code: error.code, path: error.path, message: error.message });
        },
      );
    });
    return client;
  }
}
