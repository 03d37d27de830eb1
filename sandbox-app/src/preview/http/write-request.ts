import { fromLatin1 } from "./bytes.ts";
import type { HeaderList } from "./response-head.ts";

/** A body up to this size is sent with its length; a longer one in chunks, as it comes. */
const COLLECTED_MAX_BYTES = 262_144;

export interface OutgoingRequest {
  readonly method: string;
  /** Path and query, as they stand in the URL. */
  readonly target: string;
  readonly headers: HeaderList;
  readonly body: ReadableStream<Uint8Array> | null;
}

/**
 * Writes one HTTP/1.1 request (RFC 9112). Servers read small bodies by their length more reliably than
 * in chunks, so those are collected first. The direction stays open: Node's server takes its end for
 * the end of the client, and drops the answer.
 *
 * @throws what the body's stream or the connection fails with
 */
export async function writeRequest(
  request: OutgoingRequest,
  writer: WritableStreamDefaultWriter<Uint8Array>,
): Promise<void> {
  if (request.body === null) {
    await writer.write(requestHead(request, lengthOfNoBody(request.method)));
  } else {
    await writeBody(request, request.body.getReader(), writer);
  }
}

/** The request up to its body. `framing` says how long that is. */
export function requestHead(
  { method, target, headers }: Omit<OutgoingRequest, "body">,
  framing: HeaderList,
): Uint8Array<ArrayBuffer> {
  const fields = [...headers, ...framing].map(([name, value]) => `${name}: ${oneLine(value)}\r\n`);
  return fromLatin1(`${method} ${oneLine(target)} HTTP/1.1\r\n${fields.join("")}\r\n`);
}

async function writeBody(
  request: OutgoingRequest,
  body: ReadableStreamDefaultReader<Uint8Array>,
  writer: WritableStreamDefaultWriter<Uint8Array>,
): Promise<void> {
  const collected: Uint8Array[] = [];
  let size = 0;
  let part = await body.read();
  for (; !part.done && size <= COLLECTED_MAX_BYTES; part = await body.read()) {
    collected.push(part.value);
    size += part.value.length;
  }
  if (part.done) {
    await writer.write(requestHead(request, [["content-length", String(size)]]));
    for (const bytes of collected) await writer.write(bytes);
    return;
  }
  await writer.write(requestHead(request, [["transfer-encoding", "chunked"]]));
  for (const bytes of collected) await writeChunk(writer, bytes);
  for (; !part.done; part = await body.read()) await writeChunk(writer, part.value);
  await writer.write(fromLatin1("0\r\n\r\n"));
}

/** An empty chunk would end the body (RFC 9112, section 7.1). */
async function writeChunk(
  writer: WritableStreamDefaultWriter<Uint8Array>,
  bytes: Uint8Array,
): Promise<void> {
  if (bytes.length === 0) return;
  await writer.write(fromLatin1(`${bytes.length.toString(16)}\r\n`));
  await writer.write(bytes);
  await writer.write(fromLatin1("\r\n"));
}

/** A method that means something with a body says that there is none (RFC 9110, section 8.6). */
function lengthOfNoBody(method: string): HeaderList {
  return ["POST", "PUT", "PATCH"].includes(method) ? [["content-length", "0"]] : [];
}

/** A line break would start another header, and so another request. */
function oneLine(value: string): string {
  return value.replaceAll(/[\r\n\0]/g, " ");
}
