import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Outcome, WorkFrame } from "#protocol/frames.ts";
import { EdgeRig } from "#test/support/edge-rig.ts";
import type { ScriptedTab } from "#test/support/scripted-tab.ts";
import { ServerEvents } from "#test/support/server-events.ts";

let rig: EdgeRig;
let tab: ScriptedTab;
let looks: WorkFrame[];
let answer: (work: WorkFrame) => Outcome | Promise<Outcome>;

beforeAll(async () => {
  rig = await EdgeRig.start();
  tab = await rig.attach((work) => {
    looks.push(work);
    return answer(work);
  });
});
beforeEach(() => {
  looks = [];
});
afterAll(() => rig.close());

const part = (output: string, cursor: number, remaining: number): Outcome => ({
  ok: true,
  output: { status: "running", exit_code: null, output, cursor, remaining, dropped: 0 },
});

const open = () =>
  ServerEvents.open(new URL("/api/v1/terminal/current/stream?process_id=p_1", rig.worker.url), {
    headers: rig.auth,
  });

describe("the caller of a stream", () => {
  it("is noticed when it leaves: the look that waits is cancelled, and no other follows", async () => {
    answer = ({ input }) =>
      input["cursor"] === 0 ? part("hello", 5, 0) : new Promise<Outcome>(() => {});
    const stream = await open();
    await stream.next();
    await expect.poll(() => looks.length).toBe(2);
    const [, waiting] = looks;
    stream.cut();
    const cancelled = () =>
      tab.received.some((frame) => frame.type === "cancel" && frame.call === waiting?.call);
    await expect.poll(cancelled, { timeout: 25_000 }).toBe(true);
    expect(looks).toHaveLength(2);
    expect(looks.map(({ client }) => client)).toEqual(["the test's token", ""]);
  });

  it("slows down the reading when it is slow", async () => {
    const text = "x".repeat(100_000);
    answer = ({ input }) => {
      const cursor = Number(input["cursor"]) + text.length;
      return part(text, cursor, 100_000_000 - cursor);
    };
    const stream = await open();
    await stream.next();
    const looked = async () => {
      const before = looks.length;
      await new Promise((resolve) => setTimeout(resolve, 500));
      return looks.length - before;
    };
    // Buffers on the way fill up; then nothing is read until something is taken.
    await expect.poll(looked, { timeout: 15_000 }).toBe(0);
    const full = looks.length;
    expect(full).toBeLessThan(300);
    const take = async () => {
      await stream.next();
      return looks.length;
    };
    await expect.poll(take, { interval: 1, timeout: 15_000 }).toBeGreaterThan(full);
    stream.cut();
  });
});
