import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FrameError } from "#protocol/codec.ts";
import { FrameChannel } from "#protocol/frame-channel.ts";
import type { TabFrame } from "#protocol/frames.ts";
import { FRAGMENT_BYTES, FRAGMENT_CREDIT, FRAGMENT_WINDOW } from "#protocol/limits.ts";

type Message = string | Uint8Array<ArrayBuffer>;

const outcome = (call: string, fragments: number): TabFrame => ({
  type: "outcome",
  call,
  epoch: 1,
  outcome: {
    ok: true,
    output: { text: "x".repeat(Math.max(0, fragments * FRAGMENT_BYTES - 200)) },
  },
});
const claim: TabFrame = { type: "claim", call: "call-small", epoch: 1 };

const isCredit = (message: Message | undefined) =>
  message instanceof Uint8Array && message[0] === 2;
const dataOf = (message: Message) => (typeof message === "string" ? message : message.buffer);

/** Two ends and what is on its way between them, which moves when the test says so. */
class Wire {
  readonly toRelay: Message[] = [];
  readonly toTab: Message[] = [];
  readonly received: TabFrame[] = [];
  readonly tab = FrameChannel.ofTab((message) => this.toRelay.push(message));
  readonly relay = FrameChannel.ofRelay((message) => this.toTab.push(message));

  deliverToRelay(): void {
    const message = this.toRelay.shift();
    const frame = message === undefined ? undefined : this.relay.receive(dataOf(message));
    if (frame) this.received.push(frame);
  }

  deliverToTab(): void {
    const message = this.toTab.shift();
    if (message !== undefined) this.tab.receive(dataOf(message));
  }

  settle(): void {
    while (this.toRelay.length + this.toTab.length > 0) {
      this.deliverToRelay();
      this.deliverToTab();
    }
  }
}

describe("a large frame", () => {
  it("leaves a window at a time, and goes on with the peer's credit [FLOW-1] [FLOW-2]", () => {
    const wire = new Wire();
    wire.tab.send(outcome("call-large", 3 * FRAGMENT_WINDOW));
    expect(wire.toRelay).toHaveLength(FRAGMENT_WINDOW);
    for (let count = 1; count < FRAGMENT_CREDIT; count += 1) wire.deliverToRelay();
    expect(wire.toTab).toEqual([]);
    wire.deliverToRelay();
    expect(wire.toTab).toEqual([new Uint8Array([2, 0, 0, 0, FRAGMENT_CREDIT])]);
    wire.deliverToTab();
    expect(wire.toRelay).toHaveLength(FRAGMENT_WINDOW);
    wire.settle();
    expect(wire.received).toEqual([outcome("call-large", 3 * FRAGMENT_WINDOW)]);
  });

  it("gives the whole window back with its last fragment [FLOW-2]", () => {
    const wire = new Wire();
    for (let round = 0; round < 2 * FRAGMENT_WINDOW; round += 1) {
      wire.tab.send(outcome(`call-${String(round).padStart(4, "0")}`, 3));
      expect(wire.toRelay).toHaveLength(3);
      wire.settle();
    }
    expect(wire.received).toHaveLength(2 * FRAGMENT_WINDOW);
  });

  it("is waited for by no text message [FLOW-1]", () => {
    const wire = new Wire();
    wire.tab.send(outcome("call-large", 3 * FRAGMENT_WINDOW));
    wire.tab.send(claim);
    expect(wire.toRelay.at(-1)).toBe(JSON.stringify(claim));
    while (!wire.received.includes(claim) && wire.received.length === 0) wire.deliverToRelay();
    expect(wire.received).toEqual([claim]);
  });

  it("takes turns with the others that wait [FLOW-3]", () => {
    const wire = new Wire();
    wire.tab.send(outcome("call-large", 4 * FRAGMENT_WINDOW));
    wire.tab.send(outcome("call-less", 2));
    wire.settle();
    expect(wire.received.map((frame) => "call" in frame && frame.call)).toEqual([
      "call-less",
      "call-large",
    ]);
  });
});

it.each([
  ["of nothing", [2, 0, 0, 0, 0]],
  ["of more than a window", [2, 0, 0, 0, FRAGMENT_WINDOW + 1]],
  ["that is cut short", [2, 0, 1]],
])("refuses credit %s [FLOW-2] [FRAME-2]", (_name, bytes) => {
  const { relay } = new Wire();
  expect(() => relay.receive(new Uint8Array(bytes).buffer)).toThrow(FrameError);
});

it("takes credit for what was sent before it slept, and sends no more for it [FLOW-1]", () => {
  const wire = new Wire();
  wire.tab.receive(new Uint8Array([2, 0, 0, 0, FRAGMENT_WINDOW]).buffer);
  wire.tab.send(outcome("call-large", 3 * FRAGMENT_WINDOW));
  expect(wire.toRelay).toHaveLength(FRAGMENT_WINDOW);
});

it("delivers every frame once and whole, and never has more than a window on its way [FLOW-1]", () => {
  const sizes = fc.array(fc.integer({ min: 0, max: 2 * FRAGMENT_WINDOW }), { maxLength: 6 });
  fc.assert(
    fc.property(sizes, fc.infiniteStream(fc.boolean()), (fragments, turns) => {
      const wire = new Wire();
      const sent = fragments.map((count, index) => outcome(`call-00${index}0`, count));
      for (const frame of sent) wire.tab.send(frame);
      while (wire.toRelay.length + wire.toTab.length > 0) {
        const onTheWay = wire.toRelay.filter((message) => typeof message !== "string").length;
        const credited = wire.toTab.filter(isCredit).length;
        expect(onTheWay).toBeLessThanOrEqual(FRAGMENT_WINDOW);
        expect(credited).toBeLessThanOrEqual(FRAGMENT_WINDOW / FRAGMENT_CREDIT + sent.length);
        if (turns.next().value) wire.deliverToRelay();
        else wire.deliverToTab();
      }
      const byCall = (frames: readonly TabFrame[]) =>
        Object.fromEntries(frames.map((frame) => ["call" in frame ? frame.call : "", frame]));
      expect(byCall(wire.received)).toEqual(byCall(sent));
      expect(wire.received).toHaveLength(sent.length);
    }),
    { numRuns: 30 },
  );
});
