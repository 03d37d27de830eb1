import { openBridge, type BridgeFrame } from "#sandbox/preview/page/bridge-frame.ts";
import { serveConnections } from "#sandbox/preview/serve-connections.ts";
import type { ByteDuplex } from "#sandbox/runtime/runtime.ts";

/** What the test gives to the page: a way to programs that run in Node. Bytes are in base64. */
interface Tunnel {
  tunnelOpen(port: number): Promise<number>;
  tunnelRead(id: number): Promise<string | null>;
  tunnelWrite(id: number, bytes: string): Promise<void>;
  tunnelClose(id: number): Promise<void>;
}

const tunnel = globalThis as unknown as Tunnel;

async function connect(port: number): Promise<ByteDuplex> {
  const id = await tunnel.tunnelOpen(port);
  return {
    readable: new ReadableStream(
      {
        async pull(controller) {
          const text = await tunnel.tunnelRead(id);
          if (text === null) controller.close();
          else controller.enqueue(Uint8Array.fromBase64(text));
        },
        cancel: () => tunnel.tunnelClose(id),
      },
      { highWaterMark: 0 },
    ),
    writable: new WritableStream({
      write: (bytes) => tunnel.tunnelWrite(id, bytes.toBase64()),
      close: () => tunnel.tunnelClose(id),
      abort: () => tunnel.tunnelClose(id),
    }),
  };
}

const bridges = new Map<string, BridgeFrame>();

/** The page's side of previews, without the rest of the page. */
const stage = {
  superseded: [] as string[],
  async bridge(origin: string, port: number): Promise<void> {
    const options = {
      origin,
      serve: (connections: MessagePort) => serveConnections({ connect }, port, connections),
      onSuperseded: () => stage.superseded.push(origin),
    };
    bridges.set(origin, await openBridge(options));
  },
  close: (origin: string) => bridges.get(origin)?.close(),
  where: (origin: string, name: string) => bridges.get(origin)?.where(name),
  show(name: string, url: string): void {
    const frame = document.createElement("iframe");
    frame.name = name;
    frame.src = url;
    document.body.append(frame);
  },
};

export type Stage = typeof stage;
Object.assign(globalThis, { stage });

declare global {
  interface Uint8Array {
    toBase64(): string;
  }
  interface Uint8ArrayConstructor {
    fromBase64(text: string): Uint8Array<ArrayBuffer>;
  }
}
