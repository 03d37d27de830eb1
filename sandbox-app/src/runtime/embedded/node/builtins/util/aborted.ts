import type { NodeContext } from "../../context.ts";
import { validateAbortSignal } from "../errors/validate.ts";

/** `util.aborted` and the transferable abort controllers. */
export function abortedHelpers(node: NodeContext): Record<string, unknown> {
  return {
    aborted: async (signal: AbortSignal, resource: object): Promise<void> => {
      validateAbortSignal(signal, "signal");
      if (signal.aborted) return;
      const held = new WeakRef(resource);
      await new Promise<void>((resolve) => {
        signal.addEventListener(
          "abort",
          () => {
            if (held.deref() !== undefined) node.loop.enter(resolve);
          },
          { once: true },
        );
      });
    },
    transferableAbortController: () => new AbortController(),
    transferableAbortSignal: (signal: AbortSignal) => signal,
  };
}
