import { afterEach, describe, expect, it } from "vitest";
import { AsyncContext } from "#sandbox/runtime/embedded/node/async-context/async-context.ts";
import { NodeLoop } from "#sandbox/runtime/embedded/node/loop/event-loop.ts";
import { TimerHeap } from "#sandbox/runtime/embedded/node/loop/timer-heap.ts";
import { timerFunctions } from "#sandbox/runtime/embedded/node/loop/timer-functions.ts";
import fc from "fast-check";

const loops: NodeLoop[] = [];
afterEach(() => {
  for (const loop of loops.splice(0)) loop.stop();
});

function start(main: (loop: NodeLoop, log: (text: string) => void) => void): Promise<string[]> {
  const loop = new NodeLoop(
    {
      setTimeout,
      clearTimeout: clearTimeout as (timer: unknown) => void,
      MessageChannel,
      now: () => performance.now(),
    },
    new AsyncContext(),
  );
  loops.push(loop);
  const told: string[] = [];
  const { promise, resolve } = Promise.withResolvers<string[]>();
  loop.enter(() => main(loop, (text) => told.push(text)));
  loop.start({
    fail: (error) => told.push(`failed ${(error as Error).message}`),
    beforeExit: () => told.push("beforeExit"),
    exit: () => resolve(told),
  });
  return promise;
}

describe("the event loop", () => {
  it("ends when nothing holds it, and not before", async () => {
    const told = await start((loop, log) => {
      const hold = loop.hold("TCPSocketWrap");
      setTimeout(
        () =>
          loop.enter(() => {
            log("event");
            hold.release();
          }),
        20,
      );
    });
    expect(told).toEqual(["event", "beforeExit"]);
  });

  it("is not held by what is unreferenced or released", async () => {
    const told = await start((loop) => {
      loop.hold("a").unref();
      const released = loop.hold("b");
      released.release();
      released.ref();
      expect(loop.activeHolds).toEqual([]);
    });
    expect(told).toEqual(["beforeExit"]);
  });

  it("brings results of promises in turns of their own, ticks after each", async () => {
    const told = await start((loop, log) => {
      for (const name of ["a", "b"]) {
        loop.settle("FSReqCallback", Promise.resolve(name), (_error, value) => {
          log(`${value}`);
          loop.nextTick(() => log(`tick ${value}`));
        });
      }
      loop.settle("FSReqCallback", Promise.reject(new Error("x")), (error) =>
        log((error as Error).message),
      );
    });
    expect(told).toEqual(["a", "tick a", "b", "tick b", "x", "beforeExit"]);
  });

  it("goes on after a callback that fails", async () => {
    const told = await start((loop, log) => {
      loop.nextTick(() => {
        throw new Error("tick");
      });
      loop.nextTick(() => log("next"));
    });
    expect(told).toEqual(["failed tick", "next", "beforeExit"]);
  });

  it("says beforeExit again after something was done", async () => {
    let times = 0;
    const loop = new NodeLoop(
      {
        setTimeout,
        clearTimeout: clearTimeout as (timer: unknown) => void,
        MessageChannel,
        now: () => performance.now(),
      },
      new AsyncContext(),
    );
    loops.push(loop);
    const timers = timerFunctions(loop, () => {});
    const { promise, resolve } = Promise.withResolvers<void>();
    loop.start({
      fail: () => {},
      exit: resolve,
      beforeExit: () => {
        times += 1;
        if (times < 3) timers.setTimeout(() => {}, 1);
      },
    });
    await promise;
    expect(times).toBe(3);
  });

  it("keeps timers in order of deadline and start, whatever is removed", () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ deadline: fc.nat(20), remove: fc.boolean() })),
        (entries) => {
          const heap = new TimerHeap<{
            deadline: number;
            sequence: number;
            position: number;
            remove: boolean;
          }>();
          const all = entries.map((entry, sequence) => ({ ...entry, sequence, position: -1 }));
          for (const entry of all) heap.add(entry);
          for (const entry of all) if (entry.remove) heap.remove(entry);
          const taken: number[] = [];
          for (let first = heap.first; first !== undefined; first = heap.first) {
            taken.push(first.sequence);
            heap.remove(first);
          }
          const expected = all
            .filter(({ remove }) => !remove)
            .toSorted((a, b) => a.deadline - b.deadline || a.sequence - b.sequence);
          expect(taken).toEqual(expected.map(({ sequence }) => sequence));
        },
      ),
    );
  });
});
