import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { STOP_GRACE_MS } from "#sandbox/dispatch/dispatcher.ts";
import { settle, Stage } from "../../support/dispatch-stage.ts";

describe("any order of frames", () => {
  const ids = ["change-a1", "change-b2", "reading-c3"];
  const step = fc.record({
    type: fc.constantFrom(
      "through",
      "through",
      "work",
      "go",
      "cancel",
      "ack",
      "ack",
      "welcome",
      "end",
      "time",
      "old",
    ),
    call: fc.constantFrom(...ids),
    ms: fc.constantFrom(1, STOP_GRACE_MS, 10_000),
  });

  it("runs a changing call at most once, with one outcome per epoch [CALL-4] [CALL-9] [END-4]", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const stage = await new Stage().welcome();
        const acked = new Set<string>();
        for (const { type, call, ms } of steps) await playStep(stage, acked, type, call, ms);
        const startsOf = (id: string) =>
          stage.events.filter((event) => event.type === "started" && event.call === id).length;
        for (const run of stage.runs) run.end();
        await settle();
        await stage.welcome();
        for (const id of ids) {
          const epochs = stage.outcomes(id).map((frame) => frame.epoch);
          expect(startsOf(id)).toBeLessThanOrEqual(1);
          expect(new Set(epochs).size, "one outcome per epoch").toBe(epochs.length);
          const owes = startsOf(id) > 0 && !acked.has(id);
          expect(epochs.includes(stage.epoch), `${id} owes an outcome`).toBe(owes);
        }
      }),
      { numRuns: 400 },
    );
  });
});

/** What a relay may send, also one that repeats itself; a read comes with a new id after its ack. */
async function playStep(
  stage: Stage,
  acked: Set<string>,
  type: string,
  call: string,
  ms: number,
): Promise<void> {
  const { epoch } = stage;
  const isRead = call.startsWith("reading");
  const isOver = isRead && acked.has(call);
  const steps: Record<string, () => unknown> = {
    // The usual way, so that what comes after it is met often.
    through: async () => {
      for (const part of ["work", "go", "end"]) await playStep(stage, acked, part, call, ms);
    },
    work: () => (isOver ? undefined : stage.receive(stage.work(isRead ? "call" : "offer", call))),
    go: () => stage.receive(stage.go(call)),
    cancel: () => stage.receive({ type: "cancel", call, epoch }),
    old: () => stage.receive({ type: "go", call, epoch: Math.max(1, epoch - 1) }),
    welcome: () => stage.welcome(),
    time: () => stage.clock.advance(ms),
    end: () => stage.runs.at(-1)?.end(),
    ack: () => {
      // A relay acknowledges what it received, and that only.
      if (stage.outcomes(call).length > 0) acked.add(call);
      return stage.receive({ type: "ack", call });
    },
  };
  await steps[type]?.();
  await settle();
}
