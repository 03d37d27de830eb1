import type { RuntimeState } from "#protocol/capabilities.ts";
import type { ErrorBody } from "#protocol/errors.ts";
import type { OperationName } from "#protocol/registry.ts";

/** Whether clients can reach this tab, as the person sees it. */
export type LinkState =
  | { readonly state: "connecting"; readonly attempt: number }
  | { readonly state: "attached"; readonly epoch: number; readonly container: string }
  | {
      readonly state: "reconnecting";
      readonly attempt: number;
      /** Milliseconds since the epoch at which the next attempt starts. */
      readonly retryAt: number;
      readonly reason: string;
    }
  /** Another tab took over; this one stays down until the person takes it back. */
  | { readonly state: "taken_over" }
  /** The container was deleted; what this browser kept of it is deleted as well. */
  | { readonly state: "deleted" }
  /** The worker speaks another version; only a reload helps. */
  | { readonly state: "version_changed" }
  /** The sign-in is gone; only a new link or sign-in helps. */
  | { readonly state: "signed_out" };

/** What happens to a call in this tab, for the activity list. */
export type CallEvent =
  | {
      readonly type: "started";
      readonly call: string;
      readonly operation: OperationName;
      readonly client: string;
      /** The operation's own sentence: "Wrote src/app.ts". Untrusted text. */
      readonly summary: string;
      readonly input: Record<string, unknown>;
      /** Milliseconds since the epoch. */
      readonly at: number;
    }
  /** Output of a running command, as it comes. Untrusted text. */
  | {
      readonly type: "output";
      readonly call: string;
      readonly stream: "stdout" | "stderr";
      readonly text: string;
    }
  | {
      readonly type: "ended";
      readonly call: string;
      readonly at: number;
      readonly outcome:
        | { readonly ok: true; readonly output: Record<string, unknown> }
        | { readonly ok: false; readonly error: ErrorBody };
      /** What it changed can be taken back with this; left out: it has changed nothing. */
      readonly checkpoint?: string | undefined;
    };

/** Everything that the connection worker tells the page. */
export type TabEvent =
  | { readonly kind: "link"; readonly link: LinkState }
  | { readonly kind: "runtime"; readonly runtime: RuntimeState }
  | { readonly kind: "call"; readonly call: CallEvent };
