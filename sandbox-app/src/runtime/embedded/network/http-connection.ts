import type { EgressResponse, Framed } from "#protocol/egress-frame.ts";
import type { FileError } from "../../runtime.ts";
import { fromLatin1 } from "../../../preview/http/bytes.ts";
import { type OutgoingRequest, RequestReader } from "./request-reader.ts";

/** The kernel's end of a connection on which a program speaks HTTP/1.1. */
export interface ConnectionEnd {
  /** Empty at the end. */
  read(): Promise<Uint8Array>;
  write(bytes: Uint8Array): Promise<unknown>;
  close(): void;
  /** The program's next read fails with this. */
  fail(error: FileError): void;
}

export interface Exchange {
  /** Sends a request on, and gets the answer. */
  send(request: OutgoingRequest, signal: AbortSignal): Promise<Framed<EgressResponse>>;
  /** Tells of bytes of an answer. */
  received(bytes: number): void;
  failure(error: unknown): FileError;
  /** Lets one request after the other in, of all connections. */
  inTurn(task: () => Promise<void>): Promise<void>;
}

/**
 * Serves a connection to another host until one of the two has enough. A program that closes its end
 * waits for nothing any more, and neither does its request.
 *
 * @param ended aborts what is under way, with the FileError that the program is told
 */
export async function serveHttp(
  end: ConnectionEnd,
  exchange: Exchange,
  ended: AbortSignal,
): Promise<void> {
  const reader = new RequestReader(
    () => end.read(),
    async () => void (await end.write(fromLatin1("HTTP/1.1 100 Continue\r\n\r\n"))),
  );
  try {
    for (let goesOn = true; goesOn;) {
      const request = await reader.next();
      if (request === null) break;
      const gone = new AbortController();
      const signal = AbortSignal.any([gone.signal, ended]);
      void reader.waitsForMore().then((more) => {
        if (!more) gone.abort();
      });
      await exchange.inTurn(async () => {
        signal.throwIfAborted();
        const answer = await exchange.send(request, signal);
        await writeAnswer(end, request, answer, exchange);
      });
      goesOn = request.keepsAlive;
    }
    end.close();
  } catch (error) {
    end.fail(exchange.failure(ended.aborted ? ended.reason : error));
  }
}

async function writeAnswer(
  end: ConnectionEnd,
  request: OutgoingRequest,
  { head, body }: Framed<EgressResponse>,
  exchange: Exchange,
): Promise<void> {
  const { status, reason, headers } = head;
  const hasBody = request.method !== "HEAD" && status !== 204 && status !== 304;
  const hasLength = headers.some(([name]) => name.toLowerCase() === "content-length");
  const isChunked = hasBody && !hasLength && request.isModern;
  const isLast = !request.keepsAlive || (hasBody && !hasLength && !isChunked);
  const lines = [
    `HTTP/1.1 ${status} ${oneLine(reason)}`,
    ...headers.map(([name, value]) => `${name}: ${oneLine(value)}`),
    ...(isChunked ? ["transfer-encoding: chunked"] : []),
    `connection: ${isLast ? "close" : "keep-alive"}`,
  ];
  await end.write(bytesOf(`${lines.join("\r\n")}\r\n\r\n`));
  if (!hasBody) {
    await body.cancel();
    return;
  }
  await writeBody(body, async (chunk) => {
    exchange.received(chunk.byteLength);
    if (isChunked) await end.write(fromLatin1(`${chunk.byteLength.toString(16)}\r\n`));
    await end.write(chunk);
    if (isChunked) await end.write(fromLatin1("\r\n"));
  });
  if (isChunked) await end.write(fromLatin1("0\r\n\r\n"));
}

/** Not by `for await`: not every browser iterates over streams. An empty chunk would end the body. */
async function writeBody(
  body: ReadableStream<Uint8Array>,
  write: (chunk: Uint8Array) => Promise<void>,
): Promise<void> {
  const reader = body.getReader();
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      if (part.value.byteLength > 0) await write(part.value);
    }
  } catch (error) {
    await reader.cancel(error).catch(() => {});
    throw error;
  }
}

/** What is no byte of Latin-1 goes as UTF-8, as it came. */
function bytesOf(text: string): Uint8Array {
  return /^[\0-\xff]*$/.test(text) ? fromLatin1(text) : new TextEncoder().encode(text);
}

/** A line break would start another header. */
function oneLine(value: string): string {
  return value.replaceAll(/[\r\n\0]/g, " ");
}
