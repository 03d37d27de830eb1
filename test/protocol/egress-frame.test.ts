import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  BadHead,
  EGRESS_HEAD_MAX_BYTES,
  EgressResponse,
  readHead,
  writeHead,
} from "#protocol/egress-frame.ts";

/** The bytes in chunks of these sizes, over and over. */
function inPieces(bytes: Uint8Array, sizes: readonly number[]): ReadableStream<Uint8Array> {
  let at = 0;
  let turn = 0;
  return new ReadableStream({
    pull(controller) {
      if (at >= bytes.length) return controller.close();
      const size = sizes[turn++ % sizes.length] ?? 1;
      controller.enqueue(bytes.slice(at, at + size));
      at += size;
    },
  });
}

const bytesOf = async (stream: ReadableStream<Uint8Array>): Promise<Uint8Array> =>
  new Uint8Array(await new Response(stream).arrayBuffer());

const head: EgressResponse = { status: 200, reason: "OK", headers: [["x", "\u00e9"]] };

describe("a head and what follows it", () => {
  it("come out as they went in, however the bytes are cut", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 300 }),
        fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 }),
        async (body, sizes) => {
          const sent = new Uint8Array([...writeHead(head), ...body]);
          const framed = await readHead(inPieces(sent, sizes), EgressResponse);
          expect(framed.head).toEqual(head);
          expect(await bytesOf(framed.body)).toEqual(body);
        },
      ),
    );
  });

  it.each<[string, Uint8Array]>([
    ["nothing", new Uint8Array()],
    ["a part of the length", new Uint8Array([0, 0])],
    ["a part of the head", writeHead(head).subarray(0, 20)],
    ["a length that no head has", new Uint8Array([255, 255, 255, 255, 1, 2])],
    ["no JSON", new Uint8Array([0, 0, 0, 2, 0x7b, 0x7b])],
    ["no UTF-8", new Uint8Array([0, 0, 0, 1, 0xff])],
    ["another head", writeHead({ ...head, status: 99 })],
  ])("are refused when there is %s", async (_what, bytes) => {
    await expect(readHead(inPieces(bytes, [7]), EgressResponse)).rejects.toThrow(BadHead);
  });

  it("are refused when the head is too long to be read", () => {
    const long = "x".repeat(EGRESS_HEAD_MAX_BYTES);
    expect(() => writeHead({ ...head, headers: [["x", long]] })).toThrow(BadHead);
  });
});
