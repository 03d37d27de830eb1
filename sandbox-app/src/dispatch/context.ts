import type { Handlers, TabOperationName } from "#protocol/registry.ts";
import type { Runtime } from "../runtime/runtime.ts";
import type { CommandBook } from "./commands/command-book.ts";

/** What a handler gets beside its input. */
export interface TabContext {
  readonly runtime: Runtime;
  /** What calls have started in this runtime. */
  readonly commands: CommandBook;
  /** Who calls; untrusted text. */
  readonly client: string;
  /** Aborts when the call is cancelled or its time is over; the reason is a DiscoError. */
  readonly signal: AbortSignal;
  /** Shows output of a running command in the page. */
  output(stream: "stdout" | "stderr", text: string): void;
}

export type TabHandlers = Handlers<TabOperationName, TabContext>;

/** Whether calls can run now [STATE-1]. */
export type RuntimeAccess =
  | { readonly state: "booting" }
  | { readonly state: "ready"; readonly runtime: Runtime; readonly commands: CommandBook }
  | { readonly state: "error"; readonly message: string };
