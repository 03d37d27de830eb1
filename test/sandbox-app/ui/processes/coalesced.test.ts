import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { coalesced } from "#sandbox/ui/processes/coalesced.ts";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe("work for many who ask", () => {
  it("is done once, a little later, and not again by itself", async () => {
    const work = vi.fn<() => Promise<void>>(async () => {});
    const ask = coalesced(work, { delayMs: 100, pauseMs: 0 });
    ask();
    ask();
    await vi.advanceTimersByTimeAsync(99);
    expect(work).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(work).toHaveBeenCalledTimes(1);
  });

  it("is done once more, and not at the same time, for who asks while it goes on", async () => {
    const gates: PromiseWithResolvers<void>[] = [];
    const ask = coalesced(
      () => {
        const gate = Promise.withResolvers<void>();
        gates.push(gate);
        return gate.promise;
      },
      { delayMs: 100, pauseMs: 0 },
    );
    ask();
    await vi.advanceTimersByTimeAsync(100);
    ask();
    ask();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(gates).toHaveLength(1);
    gates[0]?.resolve();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(gates).toHaveLength(2);
    gates[1]?.resolve();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(gates).toHaveLength(2);
  });

  it("leaves a pause, however many ask", async () => {
    const work = vi.fn<() => Promise<void>>(async () => {});
    const ask = coalesced(work, { delayMs: 100, pauseMs: 1_000 });
    for (let ms = 0; ms < 3_000; ms += 50) {
      ask();
      await vi.advanceTimersByTimeAsync(50);
    }
    expect(work).toHaveBeenCalledTimes(3);
  });
});
