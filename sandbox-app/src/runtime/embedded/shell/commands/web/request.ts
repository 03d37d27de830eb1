import type { ResponseHead } from "../../../../../preview/http/response-head.ts";
import { BadResponse } from "../../../../../preview/http/response-head.ts";
import { ResponseParser } from "../../../../../preview/http/response-parser.ts";
import { errnoOf } from "../../redirect/error-words.ts";
import type { Shell } from "../../state/shell.ts";
import { openConnection } from "./connection.ts";
import { TransferError } from "./failure.ts";

const EMPTY_REPLY = 52;
const WEIRD_REPLY = 8;
const PARTIAL = 18;
const RECEIVE_FAILED = 56;
const CHUNK_BYTES = 65_536;

export interface HttpRequest {
  readonly method: string;
  readonly url: URL;
  /** In their order, as they are sent. */
  readonly headers: readonly (readonly [string, string])[];
  readonly body: Uint8Array | null;
}

export interface HttpResponse {
  readonly head: ResponseHead;
  /** The body as it comes. */
  readonly body: AsyncGenerator<Uint8Array>;
  close(): void;
}

/** The head of a request as it goes over the wire. */
export function requestHead({ method, url, headers }: HttpRequest): string {
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`);
  return `${method} ${url.pathname}${url.search} HTTP/1.1\r\n${lines.join("")}\r\n`;
}

/** Sends a request, and resolves when the head of its response is there. */
export async function sendRequest(shell: Shell, request: HttpRequest): Promise<HttpResponse> {
  const { system } = shell.process;
  const fd = await shell.untilAborted(openConnection(system, request.url));
  let isOpen = true;
  const close = (): void => {
    if (isOpen) system.callSync("close", fd);
    isOpen = false;
  };
  try {
    const sent = sendAll(shell, fd, request);
    // A server may answer without reading everything.
    sent.catch(() => {});
    const events = responseEvents(shell, fd, request.method);
    const first = await events.next();
    if (first.done === true || !("head" in first.value))
      throw new TransferError(EMPTY_REPLY, "Empty reply from server");
    return { head: first.value.head, body: bodyOf(events, close), close };
  } catch (error) {
    close();
    throw error;
  }
}

async function sendAll(shell: Shell, fd: number, request: HttpRequest): Promise<void> {
  const { system } = shell.process;
  await system.call("write", fd, new TextEncoder().encode(requestHead(request)), null);
  if (request.body !== null && request.body.byteLength > 0)
    await system.call("write", fd, request.body, null);
}

type Event = { readonly head: ResponseHead } | { readonly bytes: Uint8Array };

async function* responseEvents(
  shell: Shell,
  fd: number,
  method: string,
): AsyncGenerator<Event, void> {
  const parser = new ResponseParser(method);
  let hasHead = false;
  try {
    for (;;) {
      const chunk = await shell.untilAborted(
        shell.process.system.call("read", fd, CHUNK_BYTES, null),
      );
      const events = chunk.byteLength === 0 ? parser.finish() : parser.push(chunk);
      for (const event of events) {
        if (event.type === "end") return;
        if (event.type === "head") {
          hasHead = true;
          yield { head: event.head };
        } else yield { bytes: event.bytes };
      }
      if (chunk.byteLength === 0) return;
    }
  } catch (error) {
    if (error instanceof BadResponse) {
      if (/without an answer/.test(error.message))
        throw new TransferError(EMPTY_REPLY, "Empty reply from server");
      throw new TransferError(hasHead ? PARTIAL : WEIRD_REPLY, error.message);
    }
    if (error instanceof Error && errnoOf(error) !== "")
      throw new TransferError(RECEIVE_FAILED, `Recv failure: ${error.message}`);
    throw error;
  }
}

async function* bodyOf(
  events: AsyncGenerator<Event, void>,
  close: () => void,
): AsyncGenerator<Uint8Array> {
  try {
    for await (const event of events) if ("bytes" in event) yield event.bytes;
  } finally {
    close();
  }
}

export function headerOf({ headers }: ResponseHead, name: string): string | null {
  return headers.findLast(([given]) => given.toLowerCase() === name)?.[1] ?? null;
}
