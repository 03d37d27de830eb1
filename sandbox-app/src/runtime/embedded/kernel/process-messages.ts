import * as z from "zod";
import { FileCallName } from "./file-calls.ts";

/**
 * What a kernel and the worker of one process say to each other. The worker runs what guests wrote,
 * so the kernel parses whatever comes from it.
 */

/** How a process is to be started. */
export interface StartMessage {
  readonly type: "start";
  readonly pid: number;
  /** Absolute path of the program. */
  readonly program: string;
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

/** What an interactive shell keeps from one line to the next, beyond its own life. */
export const ShellState = z.object({
  cwd: z.string(),
  /** `$?` */
  status: z.int(),
  /** Bash source that brings variables, functions, options and aliases back. */
  script: z.string(),
});
export type ShellState = z.infer<typeof ShellState>;

export interface StartShellMessage {
  readonly type: "start_shell";
  readonly pid: number;
  readonly env: Readonly<Record<string, string>>;
  readonly state: ShellState;
}

export interface ReplyMessage {
  readonly type: "reply";
  readonly id: number;
  readonly result:
    | { readonly ok: true; readonly value: unknown }
    | {
        readonly ok: false;
        readonly code: string;
        readonly path: string;
        readonly message: string;
      };
}

export type ToProcess = StartMessage | StartShellMessage | ReplyMessage;

const call = { type: z.literal("call"), id: z.int() };

/** A call waits for its reply; the reply to `output` comes when there is room for more. */
export const ProcessCall = z.discriminatedUnion("call", [
  z.object({ ...call, call: z.literal("file"), name: FileCallName, args: z.array(z.unknown()) }),
  z.object({
    ...call,
    call: z.literal("output"),
    stream: z.enum(["stdout", "stderr"]),
    bytes: z.custom<Uint8Array>((value) => value instanceof Uint8Array),
  }),
  /** All of standard input, once it has ended. */
  z.object({ ...call, call: z.literal("input") }),
  /** An interactive shell is ready for its next line. */
  z.object({ ...call, call: z.literal("line"), state: ShellState }),
]);
export type ProcessCall = z.infer<typeof ProcessCall>;

/** Largest exit code; others are taken modulo 256, as POSIX does. */
const EXIT_CODE_MAX = 255;

export const FromProcess = z.union([
  ProcessCall,
  z.object({ type: z.literal("exit"), code: z.int().min(0).max(EXIT_CODE_MAX) }),
]);
export type FromProcess = z.infer<typeof FromProcess>;
