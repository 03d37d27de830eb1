import { describe, expect, it } from "vitest";
import { DiscoError } from "#protocol/errors.ts";
import {
  FOLLOW_MAX_MS,
  followOutput,
  type OutputEvent,
  type OutputPart,
} from "#worker/http/follow-output.ts";

const running: OutputPart = {
  status: "running",
  exit_code: null,
  output: "",
  cursor: 0,
  remaining: 0,
  dropped: 0,
};
const part = (output: string, cursor: number, over: Partial<OutputPart> = {}): OutputPart => ({
  ...running,
  output,
  cursor,
  ...over,
});

interface Look {
  readonly cursor: number;
  readonly waitS: number;
}

/** Follows until the end, in a time that passes only in waits. */
async function follow(first: OutputPart, next: (look: number) => OutputPart, signal?: AbortSignal) {
  let now = 1_000;
  const looks: Look[] = [];
  const pauses: number[] = [];
  const events: OutputEvent[] = [];
  const following = followOutput({
    first,
    look: (cursor, waitS) => {
      looks.push({ cursor, waitS });
      const found = next(looks.length);
      if (found.output === "") now += waitS * 1_000;
      return Promise.resolve(found);
    },
    signal: signal ?? new AbortController().signal,
    now: () => now,
    pause: (ms) => {
      pauses.push(ms);
      now += ms;
      return Promise.resolve();
    },
  });
  for await (const event of following) events.push(event);
  return { events, looks, pauses, tookMs: now - 1_000 };
}

const standing = { status: "running", exit_code: null };

describe("following a command's output", () => {
  it("tells of one that has ended all there is, each part where the one before ended", async () => {
    const over = { status: "exited", exit_code: 3 } as const;
    const parts = [part("ab", 2, { ...over, remaining: 1 }), part("c", 3, over)];
    const { events, looks, pauses } = await follow(parts[0]!, (look) => parts[look]!);
    expect(events).toEqual([
      { type: "status", ...over, cursor: 0 },
      { type: "output", output: "ab", dropped: 0, cursor: 2 },
      { type: "output", output: "c", dropped: 0, cursor: 3 },
      { type: "end", reason: "ended", ...over, cursor: 3 },
    ]);
    expect(looks.map(({ cursor }) => cursor)).toEqual([2]);
    expect(pauses).toEqual([]);
  });

  it("begins with the cursor that was asked for, so that who comes back then gets the same", async () => {
    const over = { status: "killed", exit_code: null, dropped: 5 } as const;
    const { events } = await follow(part("x", 12, over), () => running);
    expect(events.map(({ type, cursor }) => [type, cursor])).toEqual([
      ["status", 6],
      ["output", 12],
      ["end", 12],
    ]);
    expect(events[1]).toMatchObject({ output: "x", dropped: 5 });
  });

  it("waits in the relay while there is news, and tells the change of status", async () => {
    const parts = [part("a", 1), part("", 1), part("b", 2, { status: "exited", exit_code: 0 })];
    const { events, looks } = await follow(running, (look) => parts[look - 1]!);
    expect(events.map(({ type }) => type)).toEqual(["status", "output", "status", "output", "end"]);
    expect(events.map(({ cursor }) => cursor)).toEqual([0, 1, 1, 2, 2]);
    expect(looks.every(({ waitS }) => waitS > 0)).toBe(true);
  });

  it("lets the relay sleep while the command is quiet, and ends in time", async () => {
    const { events, looks, pauses, tookMs } = await follow(running, () => running);
    expect(events.at(-1)).toEqual({ type: "end", reason: "time_limit", ...standing, cursor: 0 });
    expect(tookMs).toBeGreaterThanOrEqual(FOLLOW_MAX_MS);
    expect(tookMs).toBeLessThan(FOLLOW_MAX_MS + 30_000);
    const quiet = looks.findIndex(({ waitS }) => waitS === 0);
    expect(quiet).toBeGreaterThan(0);
    expect(looks.slice(quiet).every(({ waitS }) => waitS === 0)).toBe(true);
    // Longer than the relay needs to fall asleep.
    for (const ms of pauses.slice(quiet)) expect(ms).toBeGreaterThan(10_000);
  });

  it("asks no more often than a worker may, of one that never stops talking", async () => {
    const { events, looks } = await follow(running, (look) => part("x", look));
    expect(events.at(-1)).toMatchObject({ type: "end", reason: "time_limit" });
    expect(looks.length).toBeLessThan(1_000 / 3);
    const flood = await follow(running, (look) => part("x", look, { remaining: 1 }));
    expect(flood.looks.length).toBeLessThan(1_000 / 3);
  });

  it("ends with what went wrong, where it was", async () => {
    const error = new DiscoError("tab_not_attached", "No page.");
    const { events } = await follow(part("a", 1), () => {
      throw error;
    });
    expect(events.at(-1)).toEqual({ type: "end", reason: "failed", error, ...standing, cursor: 1 });
  });

  it("looks no more when nobody listens", async () => {
    const gone = AbortSignal.abort(new DiscoError("cancelled", "Gone."));
    const { events, looks } = await follow(part("a", 1), () => running, gone);
    expect(looks).toEqual([]);
    expect(events.at(-1)).toMatchObject({ type: "end", reason: "failed" });
  });
});
