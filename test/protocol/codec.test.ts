import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FrameDecoder, FrameEncoder, FrameError } from "#protocol/codec.ts";
import type { TabFrame } from "#protocol/frames.ts";
import { FRAGMENT_BYTES, FRAGMENTED_FRAMES_MAX, FRAME_MAX_BYTES } from "#protocol/limits.ts";

const outcome = (text: string, call = "call-0001"): TabFrame => ({
  type: "outcome",
  call,
  epoch: 1,
  outcome: { ok: true, output: { text } },
});

describe("small frames", () => {
  it("is one JSON text message whose type names its shape [FRAME-1]", () => {
    const message = new FrameEncoder().encode({ type: "claim", call: "call-0001", epoch: 3 });
    expect(message).toBe('{"type":"claim","call":"call-0001","epoch":3}');
  });

  it.each([
    ["text that is no JSON", "{"],
    ["JSON that is no frame", '{"type":"nonsense"}'],
    ["JSON null", "null"],
    ["a frame of the other direction", '{"type":"welcome","epoch":1,"container":"c"}'],
    ["a frame without its call", '{"type":"claim","epoch":1}'],
    ["an epoch below one", '{"type":"claim","call":"call-0001","epoch":0}'],
  ])("refuses %s [FRAME-2]", (_name, message) => {
    expect(() => FrameDecoder.forRelay().push(message)).toThrow(FrameError);
  });
});

describe("fragments", () => {
  it("splits a large frame into numbered fragments, the final one marked [FRAG-1]", () => {
    const encoder = new FrameEncoder();
    const messages = encoder.encode(outcome("x".repeat(3 * FRAGMENT_BYTES))) as Uint8Array[];
    expect(messages.length).toBe(4);
    expect(messages.map((message) => [message[0], message[1]])).toEqual([
      [1, 0],
      [1, 0],
      [1, 0],
      [1, 1],
    ]);
    const numbers = messages.map((message) => new DataView(message.buffer).getUint32(2));
    expect(new Set(numbers).size).toBe(1);
    expect(Math.max(...messages.map((message) => message.length))).toBe(FRAGMENT_BYTES + 6);
  });

  it("lets other messages pass between the fragments of a frame [FRAG-2]", () => {
    const encoder = new FrameEncoder();
    const decoder = FrameDecoder.forRelay();
    const first = encoder.encode(outcome("é".repeat(FRAGMENT_BYTES), "call-000A"));
    const second = encoder.encode(outcome("ü".repeat(FRAGMENT_BYTES), "call-000B"));
    const received: TabFrame[] = [];
    for (let index = 0; index < Math.max(first.length, second.length); index += 1) {
      for (const messages of [first, second]) {
        const message = messages[index];
        const frame = message === undefined ? undefined : decoder.push(message);
        if (frame) received.push(frame);
      }
      const small = decoder.push('{"type":"claim","call":"call-000C","epoch":1}');
      expect(small).toEqual({ type: "claim", call: "call-000C", epoch: 1 });
    }
    expect(received).toEqual([
      outcome("é".repeat(FRAGMENT_BYTES), "call-000A"),
      outcome("ü".repeat(FRAGMENT_BYTES), "call-000B"),
    ]);
  });

  it("refuses to send a frame above the limit [FRAG-3]", () => {
    expect(() => new FrameEncoder().encode(outcome("x".repeat(FRAME_MAX_BYTES)))).toThrow(
      FrameError,
    );
  });

  it("refuses to receive a frame above the limit [FRAG-3]", () => {
    const decoder = FrameDecoder.forRelay();
    const fragment = new Uint8Array(FRAGMENT_BYTES + 6);
    fragment[0] = 1;
    expect(() => {
      for (let bytes = 0; bytes <= FRAME_MAX_BYTES; bytes += FRAGMENT_BYTES) decoder.push(fragment);
    }).toThrow(/exceed/);
  });

  it("bounds the frames that are half received [FRAG-4]", () => {
    const decoder = FrameDecoder.forRelay();
    const begin = (frameNumber: number) => {
      const fragment = new Uint8Array(7);
      fragment[0] = 1;
      new DataView(fragment.buffer).setUint32(2, frameNumber);
      decoder.push(fragment);
    };
    for (let frameNumber = 0; frameNumber < FRAGMENTED_FRAMES_MAX; frameNumber += 1) {
      begin(frameNumber);
    }
    expect(() => begin(FRAGMENTED_FRAMES_MAX)).toThrow(/half received/);
  });

  it.each([
    ["too short for a header", new Uint8Array([1, 1])],
    ["of an unknown kind", new Uint8Array([9, 1, 0, 0, 0, 1, 123, 125])],
    ["that is not UTF-8", new Uint8Array([1, 1, 0, 0, 0, 1, 0xff, 0xfe])],
  ])("refuses a binary message %s [FRAME-2]", (_name, message) => {
    expect(() => FrameDecoder.forRelay().push(message)).toThrow(FrameError);
  });
});

it("gives back every frame it was given, whatever the text and the size", () => {
  const size = fc.integer({ min: 0, max: 2 * FRAGMENT_BYTES });
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 40 }), size, (seed, length) => {
      const text = seed.repeat(Math.ceil(length / Math.max(1, seed.length))).slice(0, length);
      const wellFormed = text.toWellFormed();
      const decoder = FrameDecoder.forRelay();
      const frames = [new FrameEncoder().encode(outcome(wellFormed))]
        .flat()
        .map((message) => decoder.push(message))
        .filter((frame) => frame !== undefined);
      expect(frames).toEqual([outcome(wellFormed)]);
    }),
    { numRuns: 50 },
  );
});

it("never throws anything but FrameError on bytes of an attacker [FRAME-2]", () => {
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 64 }), fc.string(), fc.json()), (message) => {
      try {
        FrameDecoder.forTab().push(message);
      } catch (error) {
        expect(error).toBeInstanceOf(FrameError);
      }
    }),
  );
});
