import type { Outcome } from "#protocol/frames.ts";
import type { OnProgress } from "./link.ts";

interface Caller {
  readonly resolve: (outcome: Outcome) => void;
  readonly onProgress: OnProgress | undefined;
}

/** Who waits for which call of the relay. */
export class Callers {
  readonly #waiting = new Map<string, Caller[]>();

  /** @returns the call's outcome, once somebody settles it */
  join(call: string, onProgress: OnProgress | undefined): Promise<Outcome> {
    const { promise, resolve } = Promise.withResolvers<Outcome>();
    this.#waiting.set(call, [...(this.#waiting.get(call) ?? []), { resolve, onProgress }]);
    return promise;
  }

  /** Hands on what the tab says of a call; of one that nobody waits for, it is nothing [CALL-12]. */
  tell(call: string, text: string): void {
    for (const { onProgress } of this.#waiting.get(call) ?? []) void tellOne(onProgress, text);
  }

  settle(call: string, outcome: Outcome): void {
    for (const { resolve } of this.#waiting.get(call) ?? []) resolve(outcome);
    this.#waiting.delete(call);
  }
}

/** A caller in another object may be gone; its call is then cancelled by other ways. */
async function tellOne(onProgress: OnProgress | undefined, text: string): Promise<void> {
  try {
    await onProgress?.(text);
  } catch {
    // Nobody hears it.
  }
}
