import { describe, expect, it } from "vitest";
import type { Outcome } from "#protocol/frames.ts";
import { Callers } from "#worker/relay/callers.ts";

const outcome: Outcome = { ok: true, output: {} };

describe("those who wait for a call", () => {
  it("hear of it until it is settled, each of them, and then its outcome [CALL-12]", async () => {
    const callers = new Callers();
    const heard: string[] = [];
    const first = callers.join("a", (line) => void heard.push(`first ${line}`));
    const second = callers.join("a", (line) => void heard.push(`second ${line}`));
    const silent = callers.join("a", undefined);
    callers.tell("a", "1");
    callers.tell("another", "2");
    callers.settle("a", outcome);
    callers.tell("a", "3");
    expect(await Promise.all([first, second, silent])).toEqual([outcome, outcome, outcome]);
    expect(heard).toEqual(["first 1", "second 1"]);
  });

  it("may be gone", async () => {
    const callers = new Callers();
    const gone = callers.join("a", () => Promise.reject(new Error("The other object is gone.")));
    const broken = callers.join("a", () => {
      throw new Error("Broken.");
    });
    callers.tell("a", "1");
    await Promise.resolve();
    callers.settle("a", outcome);
    expect(await Promise.all([gone, broken])).toEqual([outcome, outcome]);
  });
});
