import { Buffer } from "buffer/index.js";
import { HTTPParser } from "http-parser-js";
import { nodeError } from "../errors/node-error.ts";

export interface Head {
  readonly versionMajor: number;
  readonly versionMinor: number;
  /** Names and values in turn, as they came. */
  readonly headers: string[];
  readonly method: string;
  readonly url: string;
  readonly statusCode: number;
  readonly statusMessage: string;
  readonly upgrade: boolean;
  readonly shouldKeepAlive: boolean;
}

export interface ParserEvents {
  /** @returns "none": no body will follow; "stop": what follows is not HTTP any more */
  head(head: Head): "body" | "none" | "stop";
  body(bytes: Buffer): void;
  trailers(headers: string[]): void;
  end(): void;
}

type Raw = {
  [name: number]: (...args: never[]) => unknown;
  execute(bytes: Buffer): number | Error;
  finish(): Error | undefined;
};

// Header values are bytes without an encoding (RFC 9110, section 5.5); Node reads them as Latin-1.
HTTPParser.encoding = "latin1";

function headOf(args: readonly unknown[]): Head {
  const info =
    args.length === 1
      ? (args[0] as Omit<Head, "method"> & { method: number })
      : {
          versionMajor: args[0] as number,
          versionMinor: args[1] as number,
          headers: args[2] as string[],
          method: args[3] as number,
          url: args[4] as string,
          statusCode: args[5] as number,
          statusMessage: args[6] as string,
          upgrade: args[7] === true,
          shouldKeepAlive: args[8] === true,
        };
  return { ...info, method: HTTPParser.methods[info.method] ?? "" };
}

/** http-parser-js for one direction of a connection. */
export class MessageParser {
  readonly #raw: Raw;
  readonly #isRequest: boolean;
  #stopped = false;

  constructor(type: "REQUEST" | "RESPONSE", events: ParserEvents) {
    this.#isRequest = type === "REQUEST";
    const raw = new HTTPParser(type) as unknown as Raw;
    this.#raw = raw;
    raw[HTTPParser.kOnHeadersComplete] = (...args: unknown[]) => {
      const head = headOf(args);
      const next = events.head(head);
      if (next === "stop") {
        this.#stopped = true;
        return 2;
      }
      return next === "none" || (this.#isRequest && !hasBody(head.headers));
    };
    raw[HTTPParser.kOnBody] = (chunk: Buffer, offset: number, length: number) => {
      events.body(chunk.subarray(offset, offset + length) as Buffer);
    };
    raw[HTTPParser.kOnHeaders] = (headers: string[]) => events.trailers(headers);
    raw[HTTPParser.kOnMessageComplete] = () => {
      if (!this.#stopped) events.end();
    };
  }

  /** @returns what is left when the connection has become something else, else null */
  execute(bytes: Uint8Array): Buffer | null {
    let rest = Buffer.from(bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.byteLength);
    while (rest.length > 0) {
      const used = this.#raw.execute(rest);
      if (used instanceof Error) throw parseError(used, rest);
      rest = rest.subarray(used) as Buffer;
      if (this.#stopped) return rest;
      if (used === 0) break;
    }
    return this.#stopped ? rest : null;
  }

  /** The connection has no more bytes. @returns an error when that is too early */
  finish(): Error | null {
    return this.#raw.finish() ?? null;
  }
}

function hasBody(headers: readonly string[]): boolean {
  return headers.some(
    (name, index) => index % 2 === 0 && /^(?:content-length|transfer-encoding)$/i.test(name),
  );
}

function parseError(cause: Error, rawPacket: Uint8Array): Error {
  const { code } = cause as { code?: string };
  const error = nodeError(code ?? "HPE_INVALID_CONSTANT", `Parse Error: ${cause.message}`);
  return Object.assign(error, { bytesParsed: 0, reason: cause.message, rawPacket });
}
