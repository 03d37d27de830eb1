import type { Hold, NodeContext } from "../../context.ts";
import { invalidArgType, missingFeature, nodeError } from "../errors/node-error.ts";
import type { EmitterLike } from "../stream/stream-types.ts";

/** What goes over the channel between a process and its parent. */
type Envelope =
  | { readonly kind: "message"; readonly body: unknown }
  | { readonly kind: "disconnect" };

export interface IpcTarget extends EmitterLike {
  connected: boolean;
  channel: unknown;
}

export interface Ipc {
  send(message: unknown, ...rest: unknown[]): boolean;
  disconnect(): void;
  /** The other side ended. */
  lost(): void;
}

/**
 * The IPC of `fork`: `send`, `disconnect` and the events `message` and `disconnect` for a ChildProcess,
 * and the same for the child's `process`.
 *
 * @param advanced values go by structured clone, else as JSON (`options.serialization`)
 * @param refWhenListened the child's side keeps the child alive only while it listens
 */
export function connectIpc(
  node: NodeContext,
  target: IpcTarget,
  port: MessagePort,
  { advanced, refWhenListened }: { advanced: boolean; refWhenListened: boolean },
): Ipc {
  const hold: Hold = node.loop.hold("Pipe");
  if (refWhenListened) followListeners(target, hold);
  let open = true;
  target.connected = true;
  target.channel = {
    ref: () => hold.ref(),
    unref: () => hold.unref(),
    refCounted: () => hold.ref(),
    unrefCounted: () => hold.unref(),
    hasRef: () => hold.hasRef(),
  };
  const finish = () => {
    if (!open) return;
    open = false;
    target.connected = false;
    target.channel = null;
    hold.release();
    node.process.nextTick(() => {
      port.close();
      target.emit("disconnect");
    });
  };
  port.addEventListener("message", ({ data }: MessageEvent<Envelope>) => {
    node.loop.enter(() => {
      if (data.kind === "disconnect") finish();
      else
        target.emit("message", advanced ? data.body : JSON.parse(data.body as string), undefined);
    });
  });
  port.start();
  return {
    send(message, ...rest) {
      return send(node, { open: () => open, port, advanced, target }, message, rest);
    },
    disconnect() {
      if (!open) {
        target.emit(
          "error",
          nodeError("ERR_IPC_DISCONNECTED", "IPC channel is already disconnected"),
        );
        return;
      }
      port.postMessage({ kind: "disconnect" } satisfies Envelope);
      finish();
    },
    lost: finish,
  };
}

interface Line {
  open(): boolean;
  readonly port: MessagePort;
  readonly advanced: boolean;
  readonly target: IpcTarget;
}

function send(node: NodeContext, line: Line, message: unknown, rest: readonly unknown[]): boolean {
  const callback = rest.find((each) => typeof each === "function") as
    | ((error: Error | null) => void)
    | undefined;
  if (
    rest[0] !== undefined &&
    rest[0] !== null &&
    typeof rest[0] !== "function" &&
    isHandle(rest[0])
  ) {
    throw missingFeature(
      "Sending a handle to another process",
      "Let each process listen on a port of its own.",
    );
  }
  if (message === undefined) {
    throw nodeError("ERR_MISSING_ARGS", 'The "message" argument must be specified', TypeError);
  }
  if (!["string", "object", "number", "boolean"].includes(typeof message)) {
    throw invalidArgType("message", "one of type string, object, number, or boolean", message);
  }
  if (!line.open()) {
    const error = nodeError("ERR_IPC_CHANNEL_CLOSED", "Channel closed");
    node.process.nextTick(() => {
      if (callback === undefined) line.target.emit("error", error);
      else callback(error);
    });
    return false;
  }
  line.port.postMessage(
    {
      kind: "message",
      body: line.advanced ? message : JSON.stringify(message),
    } satisfies Envelope,
    [],
  );
  if (callback !== undefined) node.process.nextTick(() => callback(null));
  return true;
}

function isHandle(value: unknown): boolean {
  return typeof value === "object" && value !== null && "_handle" in value;
}

function followListeners(target: EmitterLike, hold: Hold): void {
  hold.unref();
  const counted = (event: unknown) => event === "message" || event === "disconnect";
  target.on("newListener", (event: string) => {
    if (counted(event)) hold.ref();
  });
  target.on("removeListener", (event: string) => {
    const left = target.listenerCount("message") + target.listenerCount("disconnect");
    if (counted(event) && left === 0) hold.unref();
  });
}
