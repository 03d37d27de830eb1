import type { Natives } from "../../context.ts";
import { type GuestMemory, WasiError } from "./guest-memory.ts";

type Import = (...args: never[]) => number;

/** `clockid`. */
const REALTIME = 0;
/** `eventtype`: a time is over; the others are of descriptors, which always look ready here. */
const CLOCK_EVENT = 0;
/** `subclockflags`: the time-out is a point in time. */
const ABSOLUTE = 1;
const SUBSCRIPTION_BYTES = 48;
const EVENT_BYTES = 32;
const NANOSECONDS_PER_MS = 1e6;

interface Subscription {
  readonly userdata: bigint;
  readonly type: number;
  /** Milliseconds from now; 0 for a descriptor. */
  readonly delay: number;
}

/** Time and waiting; a wait blocks the thread without burning the processor. */
export function clocks(natives: Natives, memory: GuestMemory): Record<string, Import> {
  const nowMs = (clock: number): number =>
    natives.now() + (clock === REALTIME ? natives.timeOrigin : 0);

  const subscriptions = (at: number, count: number): Subscription[] => {
    const view = memory.view();
    return Array.from({ length: count }, (_unused, index) => {
      const start = at + index * SUBSCRIPTION_BYTES;
      const type = view.getUint8(start + 8);
      const time = Number(view.getBigUint64(start + 24, true)) / NANOSECONDS_PER_MS;
      const isAbsolute = (view.getUint16(start + 40, true) & ABSOLUTE) !== 0;
      const clock = view.getUint32(start + 16, true);
      const delay = isAbsolute ? time - nowMs(clock) : time;
      const userdata = view.getBigUint64(start, true);
      return { userdata, type, delay: type === CLOCK_EVENT ? Math.max(0, delay) : 0 };
    });
  };

  return {
    clock_time_get(clock: number, _precision: bigint, at: number): number {
      if (clock < 0 || clock > 3) return WasiError.INVAL;
      const time = BigInt(Math.round(nowMs(clock) * NANOSECONDS_PER_MS));
      memory.view().setBigUint64(at >>> 0, time, true);
      return WasiError.SUCCESS;
    },
    poll_oneoff(input: number, output: number, count: number, stored: number): number {
      if (count === 0) return WasiError.INVAL;
      const all = subscriptions(input >>> 0, count);
      const delay = Math.min(...all.map((one) => one.delay));
      if (delay > 0) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, delay);
      const due = all.filter((one) => one.delay <= delay);
      const view = memory.view();
      for (const [index, { userdata, type }] of due.entries()) {
        const at = (output >>> 0) + index * EVENT_BYTES;
        memory.bytes(at, EVENT_BYTES).fill(0);
        view.setBigUint64(at, userdata, true);
        view.setUint8(at + 10, type);
      }
      view.setUint32(stored >>> 0, due.length, true);
      return WasiError.SUCCESS;
    },
  };
}
