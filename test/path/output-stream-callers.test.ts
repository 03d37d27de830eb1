import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Outcome, WorkFrame } from "#protocol/frames.ts";
import { EdgeRig } from "#test/support/edge-rig.ts";
import { restCaller } from "#test/support/rest-caller.ts";
import { ServerEvents } from "#test/support/server-events.ts";

let rig: EdgeRig;

beforeAll(async () => {
  rig = await EdgeRig.start();
});
afterAll(() => rig.close());

const part = (output: string, cursor: number, remaining: number): Outcome => ({
  ok: true,
  output: { status: "running", exit_code: null, output, cursor, remaining, dropped: 0 },
});

const never = (): Promise<Outcome> => new Promise(() => {});

/** A stream from a container of its own, whose tab answers the looks as the test says. */
async function watched(answer: (work: WorkFrame) => Outcome | Promise<Outcome>) {
  const { body } = await restCaller(rig)("create_container", {});
  const container = String(body["container"]);
  const looks: WorkFrame[] = [];
  const tab = await rig.attach((work) => {
    looks.push(work);
    return answer(work);
  }, container);
  const url = new URL(`/api/v1/terminal/${container}/stream?process_id=p_1`, rig.worker.url);
  return { looks, tab, stream: await ServerEvents.open(url, { headers: rig.auth }) };
}

// Each waits for what takes its time, in a container of its own.
describe.concurrent("a stream of a command's output", () => {
  it("notices that its caller left: the look that waits is cancelled, and no other follows", async () => {
    const { looks, tab, stream } = await watched(({ input }) =>
      input["cursor"] === 0 ? part("hello", 5, 0) : never(),
    );
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

  it("ends when the page was closed, and says where to open it [END-5]", async () => {
    const { looks, tab, stream } = await watched(({ input }) =>
      input["cursor"] === 0 ? part("hello", 5, 0) : never(),
    );
    await stream.next();
    await expect.poll(() => looks.length).toBe(2);
    await tab.close();
    const [output, end] = await stream.rest();
    expect(output).toMatchObject({ event: "output", id: "5", data: { output: "hello" } });
    expect(end).toMatchObject({ event: "end", id: "5", data: { reason: "failed", cursor: 5 } });
    const { error } = (end?.data ?? {}) as { error?: Record<string, unknown> };
    expect(error).toMatchObject({ code: "tab_not_attached", retryable: true });
    expect(error?.["message"]).toContain(`${rig.page}/sandbox`);
  });

  it("slows down the reading when its caller is slow", async () => {
    const text = "x".repeat(100_000);
    const { looks, stream } = await watched(({ input }) => {
      const cursor = Number(input["cursor"]) + text.length;
      return part(text, cursor, 100_000_000 - cursor);
    });
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
