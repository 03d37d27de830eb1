import type { FileErrorCode } from "../../runtime.ts";
import type { ProcessStart, SystemEvent } from "../kernel/system-calls.ts";

/*
 * What the kernel and the worker of one process say to each other. A synchronous call is answered
 * through shared memory (`reply-memory.ts`), everything else by message.
 */

export interface WireFailure {
  readonly code: FileErrorCode;
  readonly path: string;
  readonly message: string;
}

export type ToProcess =
  | { readonly type: "start"; readonly start: ProcessStart; readonly memory: SharedArrayBuffer }
  | { readonly type: "reply"; readonly id: number; readonly value: unknown }
  | { readonly type: "failure"; readonly id: number; readonly failure: WireFailure }
  | { readonly type: "event"; readonly event: SystemEvent }
  /** Whoever has a turn of its event loop free answers with `pong`. `at`: `timeNow`. */
  | { readonly type: "ping"; readonly at: number }
  /** To be measured, it is to collect its garbage. Processes that have not started hear it too. */
  | { readonly type: "collect" };

export type FromProcess =
  | {
      readonly type: "call";
      /** Of a synchronous call, the number of its reply. */
      readonly id: number;
      readonly name: string;
      readonly args: readonly unknown[];
      /** The process waits in its reply memory. */
      readonly sync: boolean;
    }
  /** The process has taken a part of a reply out of its memory; the next may come. */
  | { readonly type: "more"; readonly id: number }
  | { readonly type: "exit"; readonly code: number }
  /** Milliseconds from the ping to the turn that answers it. */
  | { readonly type: "pong"; readonly delayMs: number };
