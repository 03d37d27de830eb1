/** What goes over the control channel between a Worker and its thread; user messages have a port of their own. */
export type ThreadMessage =
  | {
      readonly kind: "start";
      readonly workerData: unknown;
      readonly port: MessagePort;
      readonly environmentData: Map<unknown, unknown>;
      readonly name: string;
    }
  | { readonly kind: "online" }
  | { readonly kind: "error"; readonly error: unknown };

/** The variable that tells a process that it is a thread, and its number. */
export const THREAD_VARIABLE = "DISCO_THREAD";
