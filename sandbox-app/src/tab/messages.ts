import type { Agreed, Undone } from "../checkpoints/undo-call.ts";
import type { TabEvent } from "./events.ts";

/** The page to its connection worker. */
export type PageMessage =
  /** Comes first, and once. */
  | { readonly type: "start"; readonly container: string }
  /** The container is this tab's, or there is something to say about why it is not. */
  | { readonly type: "connect" }
  | { readonly type: "booting"; readonly stage: string }
  /** The runtime is up; the port, transferred with the message, leads to it. */
  | { readonly type: "ready"; readonly port: MessagePort }
  | { readonly type: "failed"; readonly message: string }
  /** A preview of this port is shown; what it asks for comes on the other port. */
  | { readonly type: "preview"; readonly port: number; readonly connections: MessagePort }
  /** The person takes back what a call has changed; one `UndoAnswer` comes on the port. */
  | {
      readonly type: "undo";
      readonly checkpoint: string;
      readonly agreed: Agreed;
      readonly answer: MessagePort;
    }
  | { readonly type: "online" | "reconnect_now" | "stop" };

/** The connection worker to its page. */
export type WorkerMessage = TabEvent;

/** What came of it, on the port of the question. */
export type UndoAnswer = Undone;
