import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  closePayload,
  encodeFrame,
  FrameError,
  type IncomingMessage,
  MessageReader,
  Opcode,
} from "#sandbox/preview/websocket/frames.ts";
import { parseClientFrame, serverFrame } from "./raw-frames.ts";

function read(bytes: Uint8Array, size = bytes.length || 1): IncomingMessage[] {
  const reader = new MessageReader();
  const messages: IncomingMessage[] = [];
  for (let at = 0; at < bytes.length; at += size) {
    messages.push(...reader.push(bytes.subarray(at, at + size)));
  }
  return messages;
}

describe("encodeFrame", () => {
  it("writes the example of RFC 6455, section 5.7", () => {
    const mask = Uint8Array.of(0x37, 0xfa, 0x21, 0x3d);
    const frame = encodeFrame(Opcode.text, new TextEncoder().encode("Hello"), mask);
    expect(Buffer.from(frame).toString("hex")).toBe("818537fa213d7f9f4d5158");
  });

  it.each([0, 1, 125, 126, 127, 65_535, 65_536, 200_000])("carries %i bytes, masked", (length) => {
    const payload = Uint8Array.from({ length }, (_, index) => index * 7);
    const frame = encodeFrame(Opcode.binary, payload, Uint8Array.of(1, 2, 3, 250));
    const parsed = parseClientFrame(Buffer.from(frame));
    expect(parsed).toMatchObject({ fin: true, opcode: 2, masked: true, rest: 0 });
    expect(parsed?.payload.equals(Buffer.from(payload))).toBe(true);
  });
});

describe("MessageReader", () => {
  it("reads whatever a server sends, in any pieces", () => {
    const message = fc.oneof(
      fc
        .string({ unit: "grapheme", maxLength: 300 })
        .map((text) => ({ type: "text" as const, text })),
      // Lengths on both sides of where the header grows.
      fc
        .tuple(fc.constantFrom(0, 1, 125, 126, 65_535, 65_536), fc.nat(255))
        .map(([length, byte]) => ({
          type: "binary" as const,
          bytes: new Uint8Array(length).fill(byte),
        })),
    );
    fc.assert(
      fc.property(
        fc.array(message, { maxLength: 4 }),
        fc.integer({ min: 1, max: 5_000 }),
        fc.integer({ min: 1, max: 4 }),
        (messages, size, parts) => {
          const frames = messages.flatMap((one) => {
            const payload = one.type === "text" ? Buffer.from(one.text) : Buffer.from(one.bytes);
            return fragments(one.type === "text" ? Opcode.text : Opcode.binary, payload, parts);
          });
          expect(read(Buffer.concat(frames), size)).toEqual(messages);
        },
      ),
      { numRuns: 30 },
    );
  });

  it("lets control frames pass between the parts of a message", () => {
    const bytes = Buffer.concat([
      serverFrame(Opcode.text, Buffer.from("Hel"), false),
      serverFrame(Opcode.ping, Buffer.from("p")),
      serverFrame(Opcode.continuation, Buffer.from("lo")),
      serverFrame(Opcode.close, Buffer.from(closePayload(1001, "bye"))),
    ]);
    expect(read(bytes)).toEqual([
      { type: "ping", bytes: Uint8Array.from(Buffer.from("p")) },
      { type: "text", text: "Hello" },
      { type: "close", code: 1001, reason: "bye" },
    ]);
  });

  it("keeps a byte order mark in a text", () => {
    expect(read(serverFrame(Opcode.text, Buffer.from("\ufeffa")))).toEqual([
      { type: "text", text: "\ufeffa" },
    ]);
  });

  it("tells 1005 for a close without a code", () => {
    expect(read(serverFrame(Opcode.close, Buffer.alloc(0)))).toEqual([
      { type: "close", code: 1005, reason: "" },
    ]);
  });

  it.each([
    ["a masked frame", Buffer.from("818537fa213d7f9f4d5158", "hex"), 1002],
    ["a reserved bit", Buffer.from("c10161", "hex"), 1002],
    ["an unknown opcode", Buffer.from("8300", "hex"), 1002],
    ["a continuation of nothing", serverFrame(Opcode.continuation, Buffer.from("x")), 1002],
    [
      "a message in a message",
      Buffer.concat([
        serverFrame(Opcode.text, Buffer.from("x"), false),
        serverFrame(Opcode.text, Buffer.from("y")),
      ]),
      1002,
    ],
    ["a ping in parts", serverFrame(Opcode.ping, Buffer.from("x"), false), 1002],
    ["a long ping", serverFrame(Opcode.ping, Buffer.alloc(126)), 1002],
    ["half a close code", serverFrame(Opcode.close, Buffer.from([3])), 1002],
    ["a close code that nobody may send", serverFrame(Opcode.close, Buffer.from([3, 238])), 1002],
    ["text that is not UTF-8", serverFrame(Opcode.text, Buffer.from([0xff])), 1007],
    ["a length of 2^63", Buffer.from("827f8000000000000000", "hex"), 1009],
  ])("refuses %s", (_, bytes, code) => {
    expect(() => read(bytes)).toThrow(expect.objectContaining({ code, name: FrameError.name }));
  });
});

function fragments(opcode: number, payload: Buffer, parts: number): Buffer[] {
  const size = Math.max(1, Math.ceil(payload.length / parts));
  const cuts = Array.from({ length: parts }, (_, index) =>
    payload.subarray(index * size, (index + 1) * size),
  );
  return cuts.map((part, index) =>
    serverFrame(index === 0 ? opcode : Opcode.continuation, part, index === parts - 1),
  );
}
