import { once } from "node:events";
import net from "node:net";
import { Duplex } from "node:stream";
import type { ByteDuplex } from "#sandbox/runtime/runtime.ts";

/** A real connection, seen as previews see one. */
export async function connectTcp(port: number): Promise<ByteDuplex> {
  const socket = net.connect({ port, host: "127.0.0.1" });
  await once(socket, "connect");
  return Duplex.toWeb(socket) as unknown as ByteDuplex;
}

export async function bytesOf(stream: ReadableStream<Uint8Array> | null): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  if (stream !== null) for await (const part of stream) parts.push(part);
  return Buffer.concat(parts);
}

export async function textOf(stream: ReadableStream<Uint8Array> | null): Promise<string> {
  return (await bytesOf(stream)).toString("utf8");
}

/** A stream of these parts, one at a time. */
export function streamOf(...parts: readonly (string | Uint8Array)[]): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream({
    start(controller) {
      for (const part of parts) {
        controller.enqueue(typeof part === "string" ? encoder.encode(part) : part);
      }
      controller.close();
    },
  });
}
