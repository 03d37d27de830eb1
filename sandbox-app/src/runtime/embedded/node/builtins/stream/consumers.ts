import { Buffer } from "buffer/index.js";

type Source = AsyncIterable<unknown> | Iterable<unknown>;

async function chunks(source: Source): Promise<Uint8Array[]> {
  const parts: Uint8Array[] = [];
  for await (const chunk of source) {
    parts.push(typeof chunk === "string" ? Buffer.from(chunk) : (chunk as Uint8Array));
  }
  return parts;
}

async function text(source: Source): Promise<string> {
  const decoder = new TextDecoder();
  let result = "";
  for await (const chunk of source) {
    result +=
      typeof chunk === "string" ? chunk : decoder.decode(chunk as Uint8Array, { stream: true });
  }
  return result + decoder.decode();
}

/** `node:stream/consumers`. */
export const consumers = {
  text,
  buffer: async (source: Source) => Buffer.concat(await chunks(source)),
  arrayBuffer: async (source: Source) => new Uint8Array(Buffer.concat(await chunks(source))).buffer,
  blob: async (source: Source) => new Blob((await chunks(source)) as Uint8Array<ArrayBuffer>[]),
  json: async (source: Source) => JSON.parse(await text(source)) as unknown,
};
