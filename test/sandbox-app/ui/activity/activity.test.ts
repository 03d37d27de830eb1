import { describe, expect, it } from "vitest";
import type { CallEvent } from "#sandbox/tab/events.ts";
import {
  CLIENTS_MAX,
  noActivity,
  OUTPUT_TAIL_CHARS,
  ROWS_MAX,
  runningCount,
  withCallEvent,
  withoutEnded,
} from "#sandbox/ui/activity/activity.ts";

function started(call: string, at = 0, client = "ChatGPT"): CallEvent {
  const operation = "run_command";
  return { type: "started", call, operation, client, summary: "Ran ls", input: {}, at };
}

function ended(call: string, at = 5): CallEvent {
  return { type: "ended", call, at, outcome: { ok: true, output: { exit_code: 0 } } };
}

const after = (...events: CallEvent[]) => events.reduce(withCallEvent, noActivity);

describe("the activity list", () => {
  it("shows a call from its start, newest first, and its outcome when it ends", () => {
    const activity = after(started("a", 1), started("b", 2), ended("a", 9));
    expect(activity.rows.map(({ call, end }) => [call, end?.at])).toEqual([
      ["b", undefined],
      ["a", 9],
    ]);
    expect(runningCount(activity)).toBe(1);
  });

  it("keeps the end of the output and says that it was cut", () => {
    const output = (text: string): CallEvent => ({
      type: "output",
      call: "a",
      stream: "stdout",
      text,
    });
    const short = after(started("a"), output("one "), output("two"));
    expect(short.rows[0]).toMatchObject({ tail: "one two", tailCut: false });
    const long = withCallEvent(short, output("x".repeat(OUTPUT_TAIL_CHARS)));
    expect(long.rows[0]).toMatchObject({ tail: "x".repeat(OUTPUT_TAIL_CHARS), tailCut: true });
  });

  it("ignores a second start, and events of calls that are over or unknown", () => {
    const activity = after(started("a", 1), ended("a", 2));
    expect(withCallEvent(activity, ended("a", 3))).toBe(activity);
    expect(withCallEvent(activity, started("a", 4))).toBe(activity);
    expect(withCallEvent(activity, ended("z", 4))).toBe(activity);
  });

  it("is bounded, and drops ended calls before running ones", () => {
    let activity = after(started("first"));
    for (let n = 0; n < ROWS_MAX + 20; n += 1) {
      activity = [started(`c${n}`), ended(`c${n}`)].reduce(withCallEvent, activity);
    }
    expect(activity.rows).toHaveLength(ROWS_MAX);
    expect(activity.rows.at(-1)?.call).toBe("first");
    expect(activity.rows[0]?.call).toBe(`c${ROWS_MAX + 19}`);
  });

  it("forgets ended calls when asked, and keeps those that run", () => {
    const activity = withoutEnded(after(started("a"), started("b"), ended("b")));
    expect(activity.rows.map(({ call }) => call)).toEqual(["a"]);
    expect(activity.clients).toHaveLength(1);
  });

  it("knows each client's last activity and running calls, in order of first sight", () => {
    const activity = after(started("a", 1, "Claude"), started("b", 2, "curl"), ended("a", 7));
    expect(activity.clients).toEqual([
      { name: "Claude", lastAt: 7, running: 0 },
      { name: "curl", lastAt: 2, running: 1 },
    ]);
  });

  it("forgets the longest silent client when there are too many", () => {
    const events = Array.from({ length: CLIENTS_MAX + 1 }, (_, n) =>
      started(`c${n}`, n === 3 ? -1 : n, `client ${n}`),
    );
    const names = after(...events).clients.map(({ name }) => name);
    expect(names).toHaveLength(CLIENTS_MAX);
    expect(names).not.toContain("client 3");
  });
});
