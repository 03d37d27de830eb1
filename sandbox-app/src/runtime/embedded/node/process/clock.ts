import { invalidArgType, outOfRange } from "../builtins/errors/node-error.ts";
import type { Natives } from "../context.ts";

const NS_PER_SECOND = 1_000_000_000n;
const NS_PER_MS = 1_000_000;

export interface HighResolutionTime {
  (previous?: [number, number]): [number, number];
  bigint(): bigint;
}

/** `process.hrtime`, as fine as the browser's clock: 5 µs where it is isolated. */
export function createHrtime({ now }: Pick<Natives, "now">): HighResolutionTime {
  const nanoseconds = (): bigint => BigInt(Math.round(now() * NS_PER_MS));
  const hrtime = (previous?: [number, number]): [number, number] => {
    let time = nanoseconds();
    if (previous !== undefined) {
      if (!Array.isArray(previous)) throw invalidArgType("time", "an instance of Array", previous);
      if (previous.length !== 2) throw outOfRange("time", "2", previous.length);
      time -= BigInt(previous[0]) * NS_PER_SECOND + BigInt(previous[1]);
    }
    const seconds = time / NS_PER_SECOND;
    const rest = time % NS_PER_SECOND;
    return rest < 0n
      ? [Number(seconds) - 1, Number(rest + NS_PER_SECOND)]
      : [Number(seconds), Number(rest)];
  };
  return Object.assign(hrtime, { bigint: nanoseconds });
}
