import { openByteChannel } from "../runtime/port/byte-channel.ts";
import type { ByteDuplex, Runtime } from "../runtime/runtime.ts";
import type { Opening } from "./connect.ts";
import { CONNECT, isMessage } from "./messages.ts";

/** Connections of one preview at a time: more than a page opens, less than would fill the memory. */
const CONNECTIONS_MAX = 256;
/** Requests that wait for one, as they would in a browser that opens six to a host. */
const WAITING_MAX = 4_096;

/**
 * Connects a preview to its port of the container. Whoever holds the other end of `connections` can
 * reach this port and no other: which one it is stands here, never in a message.
 */
export function serveConnections(
  runtime: Pick<Runtime, "connect">,
  port: number,
  connections: MessagePort,
): void {
  let open = 0;
  const waiting: MessagePort[] = [];
  const next = (): void => {
    if (open >= CONNECTIONS_MAX) return;
    const channel = waiting.shift();
    if (channel === undefined) return;
    open++;
    void serve(runtime, port, channel).finally(() => {
      open--;
      next();
    });
  };
  connections.addEventListener("message", ({ data, ports: [channel] }: MessageEvent<unknown>) => {
    if (channel === undefined || !isMessage(data, CONNECT)) return;
    if (waiting.length >= WAITING_MAX) {
      tell(channel, { type: "refused", message: "Too many connections are open." });
      return;
    }
    waiting.push(channel);
    next();
  });
  connections.start();
}

/** Resolves when the connection has ended. */
async function serve(
  runtime: Pick<Runtime, "connect">,
  port: number,
  channel: MessagePort,
): Promise<void> {
  let program: ByteDuplex;
  try {
    program = await runtime.connect(port);
  } catch {
    const message = `No program of the container listens on port ${port}.`;
    tell(channel, { type: "refused", message });
    return;
  }
  tell(channel, { type: "opened", port });
  const preview = openByteChannel(channel);
  await Promise.allSettled([
    preview.readable.pipeTo(program.writable),
    program.readable.pipeTo(preview.writable),
  ]);
}

function tell(channel: MessagePort, opening: Opening): void {
  channel.postMessage(opening, []);
}
