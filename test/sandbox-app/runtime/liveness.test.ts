import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Liveness } from "#sandbox/runtime/port/liveness.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("the other end of a port", () => {
  it("is lost when it leaves four pings without any answer, and is told of once", () => {
    const ping = vi.fn<() => void>();
    const lost = vi.fn<() => void>();
    const liveness = new Liveness(ping, lost);
    vi.advanceTimersByTime(20_000);
    expect(ping).toHaveBeenCalledTimes(4);
    expect(lost).not.toHaveBeenCalled();
    vi.advanceTimersByTime(60_000);
    expect(ping).toHaveBeenCalledTimes(4);
    expect(lost).toHaveBeenCalledTimes(1);
    liveness.stop();
  });

  it("is there for as long as it says anything now and then", () => {
    const lost = vi.fn<() => void>();
    const liveness = new Liveness(() => {}, lost);
    for (let times = 0; times < 20; times++) {
      vi.advanceTimersByTime(19_000);
      liveness.heard();
    }
    liveness.stop();
    vi.advanceTimersByTime(300_000);
    expect(lost).not.toHaveBeenCalled();
  });
});
