import * as z from "zod";

/**
 * How long the tab that has the container gets to save and let go. A tab that is frozen, or hangs,
 * does not answer; then its lock is stolen, and the fence keeps it from writing ever after.
 */
const YIELD_TIMEOUT_MS = 4_000;

/** The question is asked again: the next owner may be one who waited too and has not heard it. */
const ASK_EVERY_MS = 500;

const Ask = z.object({ type: z.literal("yield"), from: z.string() });

export interface Ownership {
  /** Lets the next tab have the container. */
  release(): void;
}

export interface OwnershipOptions {
  readonly container: string;
  readonly yieldTimeoutMs?: number;
  /** Another tab wants it: save, then release. */
  readonly onAsked: () => void;
  /** Another tab took it without waiting any longer. */
  readonly onStolen: () => void;
  /** Another tab has it and was asked. */
  readonly onWait?: () => void;
}

/** Makes this kernel the container's one owner on this origin, by a Web Lock. */
export async function takeOwnership(options: OwnershipOptions): Promise<Ownership> {
  const { container, yieldTimeoutMs = YIELD_TIMEOUT_MS } = options;
  const name = `disco.container.${container}`;
  const channel = new BroadcastChannel(name);
  const self = crypto.randomUUID();
  const hold = (request: LockOptions) => holdLock(name, request, options.onStolen);
  let release = await hold({ ifAvailable: true });
  if (release === null) {
    options.onWait?.();
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a channel has one origin
    const ask = () => channel.postMessage({ type: "yield", from: self });
    ask();
    const asking = setInterval(ask, ASK_EVERY_MS);
    release = await hold({ signal: AbortSignal.timeout(yieldTimeoutMs) }).catch(() => null);
    clearInterval(asking);
    release ??= await hold({ steal: true });
  }
  channel.addEventListener("message", ({ data }) => {
    const asked = Ask.safeParse(data);
    if (asked.success && asked.data.from !== self) options.onAsked();
  });
  return {
    release() {
      channel.close();
      release?.();
    },
  };
}

/** @returns what lets the lock go; null when it is not available */
function holdLock(
  name: string,
  request: LockOptions,
  onStolen: () => void,
): Promise<(() => void) | null> {
  return new Promise((resolve, reject) => {
    let isHeld = false;
    const held = navigator.locks.request(name, request, async (lock) => {
      if (lock === null) return resolve(null);
      isHeld = true;
      await new Promise<void>((release) => resolve(release));
    });
    // A held lock rejects only when it is stolen.
    held.catch((error: unknown) => {
      if (isHeld) onStolen();
      else reject(error instanceof Error ? error : new Error(String(error)));
    });
  });
}
