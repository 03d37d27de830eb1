import type { Handlers, TabOperationName } from "#protocol/registry.ts";
import type { Checkpoints } from "../checkpoints/checkpoints.ts";
import type { Runtime } from "../runtime/runtime.ts";
import type { CommandBook } from "./commands/command-book.ts";

/** What a handler gets beside its input. */
export interface TabContext {
  readonly runtime: Runtime;
  /** What calls have started in this runtime. */
  readonly commands: CommandBook;
  readonly checkpoints: Checkpoints;
  /** The checkpoint that was taken before this call; null for one that only reads. */
  readonly checkpoint: string | null;
  /** Who calls; untrusted text. */
  readonly client: string;
  /** Aborts when the call is cancelled or its time is over; the reason is a DiscoError. */
  readonly signal: AbortSignal;
  /** Shows output of a running command in the page. */
  output(stream: "stdout" | "stderr", text: string): void;
  /** Tells who waits for the call what its work says; nothing happens unless somebody wants to know. */
  readonly progress: (text: string) => void;
}

export type TabHandlers = Handlers<TabOperationName, TabContext>;

/** A runtime, and what is kept of what calls do in it. */
export type ReadyRuntime = Pick<TabContext, "runtime" | "commands" | "checkpoints">;

/** Whether calls can run now [STATE-1]. */
export type RuntimeAccess =
  | { readonly state: "booting" }
  | ({ readonly state: "ready" } & ReadyRuntime)
  | { readonly state: "error"; readonly message: string };
