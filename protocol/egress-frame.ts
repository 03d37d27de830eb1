import * as z from "zod";

/**
 * How a request to another host travels between kernel and worker, and its answer back: four bytes of
 * length (big-endian), that many bytes of JSON, then the body as it is. What the other host says is
 * never an answer of Disco's own origin in the browser's eyes: no cookie of it is set, no redirect
 * followed, no header obeyed.
 */

const LENGTH_BYTES = 4;

/** Bytes of a head's JSON; web servers take 8 to 32 KiB of headers. */
export const EGRESS_HEAD_MAX_BYTES = 64 * 1024;

/** Bytes of a request's body: what an API takes as an upload, held in memory until it is complete. */
export const EGRESS_REQUEST_MAX_BYTES = 32 * 1024 * 1024;

/** Path of the proxy on the runtime's host, below RESERVED_PATH. */
export const EGRESS_NAME = "egress/";

/** Hosts that one container may be allowed; more is a list that nobody reads. */
export const GRANTS_MAX = 64;

/** Names and values in their order; values are bytes read as Latin-1. */
const HeaderList = z.array(z.tuple([z.string().min(1).max(256), z.string().max(32_768)])).max(256);
export type HeaderList = z.infer<typeof HeaderList>;

/** A token of RFC 9110, section 5.6.2; CONNECT and TRACE are no requests for a resource. */
const Method = z
  .string()
  .regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,32}$/)
  .refine((method) => !/^(?:CONNECT|TRACE|TRACK)$/i.test(method), {
    error: "is not passed on",
  });

export const EgressRequest = z.strictObject({
  method: Method,
  url: z.string().max(16_384),
  headers: HeaderList,
  /** Of the body that follows; 0 when there is none. */
  bodyBytes: z.int().min(0).max(EGRESS_REQUEST_MAX_BYTES),
});
export type EgressRequest = z.infer<typeof EgressRequest>;

export const EgressResponse = z.strictObject({
  status: z.int().min(200).max(599),
  reason: z.string().max(1_024),
  headers: HeaderList,
});
export type EgressResponse = z.infer<typeof EgressResponse>;

/** A head that is too long, cut off, or no JSON. */
export class BadHead extends Error {
  override readonly name = "BadHead";
}

/** @throws BadHead when it is too long */
export function writeHead(head: EgressRequest | EgressResponse): Uint8Array<ArrayBuffer> {
  const json = new TextEncoder().encode(JSON.stringify(head));
  if (json.length > EGRESS_HEAD_MAX_BYTES) throw new BadHead("The headers are too long.");
  const bytes = new Uint8Array(LENGTH_BYTES + json.length);
  new DataView(bytes.buffer).setUint32(0, json.length);
  bytes.set(json, LENGTH_BYTES);
  return bytes;
}

export interface Framed<Head> {
  readonly head: Head;
  /** What follows the head, read only as it is asked for. */
  readonly body: ReadableStream<Uint8Array>;
}

/** @throws BadHead, or what the stream fails with */
export async function readHead<Head>(
  stream: ReadableStream<Uint8Array>,
  schema: z.ZodType<Head>,
): Promise<Framed<Head>> {
  const reader = stream.getReader();
  let bytes: Uint8Array = new Uint8Array();
  let wanted = LENGTH_BYTES;
  while (bytes.length < wanted) {
    const { done, value } = await reader.read();
    if (done) throw new BadHead("The head is cut off.");
    bytes = joined(bytes, value);
    if (bytes.length < LENGTH_BYTES) continue;
    wanted = LENGTH_BYTES + new DataView(bytes.buffer, bytes.byteOffset).getUint32(0);
    if (wanted > LENGTH_BYTES + EGRESS_HEAD_MAX_BYTES) throw new BadHead("The head is too long.");
  }
  const head = parseHead(bytes.subarray(LENGTH_BYTES, wanted), schema);
  return { head, body: restOf(reader, bytes.subarray(wanted)) };
}

function parseHead<Head>(bytes: Uint8Array, schema: z.ZodType<Head>): Head {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new BadHead("The head is no JSON.", { cause });
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new BadHead(`The head is not valid: ${issue?.path.join(".")} ${issue?.message}`);
}

function restOf(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  first: Uint8Array,
): ReadableStream<Uint8Array> {
  let held = first;
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        if (held.length > 0) {
          controller.enqueue(held);
          held = new Uint8Array();
          return;
        }
        const { done, value } = await reader.read();
        if (done) controller.close();
        else controller.enqueue(value);
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  );
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  if (first.length === 0) return second;
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}
