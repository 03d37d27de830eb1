import type { ByteDuplex } from "../runtime.ts";
import { Credit } from "./credit.ts";
import { InboundStream } from "./inbound-stream.ts";

type ChannelMessage =
  | { readonly type: "data"; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly type: "credit"; readonly bytes: number }
  | { readonly type: "end" }
  | { readonly type: "reset" };

/**
 * A byte stream in both directions over a MessagePort, with back-pressure: what the other end does not
 * read is not sent. The other end calls the same function. Messages of other shapes are ignored. No
 * schema library stands here, because this code is injected into every preview.
 */
export function openByteChannel(port: MessagePort): ByteDuplex {
  const credit = new Credit();
  const open = { inward: true, outward: true };
  let outward: WritableStreamDefaultController | undefined;
  const send = (message: ChannelMessage, transfer: Transferable[] = []): void =>
    port.postMessage(message, transfer);
  const finish = (direction: "inward" | "outward"): void => {
    open[direction] = false;
    if (!open.inward && !open.outward) port.close();
  };
  const reset = (error: Error, tell: boolean): void => {
    if (tell && (open.inward || open.outward)) send({ type: "reset" });
    if (open.inward) inbound.fail(error);
    if (open.outward) outward?.error(error);
    credit.close();
    open.inward = false;
    open.outward = false;
    port.close();
  };
  const inbound = new InboundStream({
    onConsumed: (bytes) => open.inward && send({ type: "credit", bytes }),
    onCancel: () => reset(new Error("Nobody reads the connection."), true),
  });
  const writable = new WritableStream<Uint8Array>({
    start: (controller) => {
      outward = controller;
    },
    write: async (chunk) => {
      if (!(await credit.take(chunk.byteLength))) return;
      const bytes = chunk.slice();
      send({ type: "data", bytes }, [bytes.buffer]);
    },
    close: () => {
      if (!open.outward) return;
      send({ type: "end" });
      finish("outward");
    },
    abort: () => reset(new Error("The connection was given up."), true),
  });
  port.addEventListener("message", ({ data }: MessageEvent<unknown>) => {
    const message = data as Partial<ChannelMessage> | null;
    if (message?.type === "data" && message.bytes instanceof Uint8Array) {
      inbound.push(message.bytes);
    } else if (message?.type === "credit" && typeof message.bytes === "number") {
      credit.give(message.bytes);
    } else if (message?.type === "end" && open.inward) {
      inbound.end();
      finish("inward");
    } else if (message?.type === "reset") {
      reset(new Error("The connection was reset."), false);
    }
  });
  port.addEventListener("close", () => reset(new Error("The connection was lost."), false));
  port.start();
  return { readable: inbound.readable, writable };
}
