import type { RuntimeState } from "#protocol/capabilities.ts";
import type { TabOperationName } from "#protocol/registry.ts";
import type { RecentCall } from "./recent-calls.ts";

/** One call on its way to the tab. The input has been parsed with the operation's schema. */
export interface CallRequest {
  readonly operation: TabOperationName;
  readonly input: Record<string, unknown>;
  /** Shown in the page; untrusted text. Empty: Disco itself asks, and the page shows nothing. */
  readonly client: string;
  /** Milliseconds until the deadline. */
  readonly timeoutMs: number;
  /** Whether the tab is asked to tell how it goes on [CALL-12]. */
  readonly progress?: boolean;
}

/** Hears one line of what a call's work says; untrusted text. In another object it answers later. */
export type OnProgress = (line: string) => void | Promise<void>;

/** Whether a tab is attached, and what its runtime last said. */
export type Attachment =
  | { readonly attached: false }
  | { readonly attached: true; readonly epoch: number; readonly runtime: RuntimeState };

/**
 * A container as `execute` sees it: inside the relay it is the relay itself, in the worker it is an
 * RPC stub in front of it.
 */
export interface ContainerLink {
  /** Id of the container. */
  readonly container: string;
  /**
   * Runs the operation in the tab.
   *
   * @param signal aborts: the call is cancelled before it has an effect, or stopped as well as can be
   * @param onProgress hears meanwhile how it goes on
   * @returns the tab's output, not yet parsed
   * @throws DiscoError with the tab's error, or the relay's
   */
  call(
    request: CallRequest,
    signal?: AbortSignal,
    onProgress?: OnProgress,
  ): Promise<Record<string, unknown>>;
  attachment(): Promise<Attachment>;
  /** The changing calls that ended last, the latest first. */
  recent(): Promise<readonly RecentCall[]>;
  /** Ends its tab and its calls, and deletes what its relay keeps (SPEC rules GONE). */
  erase(): Promise<void>;
}
