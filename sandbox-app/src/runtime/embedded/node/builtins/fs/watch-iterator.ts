import type { NodeContext } from "../../context.ts";
import { abortError } from "../errors/node-error.ts";
import { optionsOf } from "./options.ts";
import type { Watcher } from "./watch.ts";

interface Change {
  readonly eventType: string;
  readonly filename: string;
}

/** `fs.promises.watch`: changes as an endless iterator, ended by the signal. */
export async function* watchIterator(
  node: NodeContext,
  path: unknown,
  given?: unknown,
): AsyncGenerator<Change> {
  const options = optionsOf(given);
  const signal = options["signal"] as AbortSignal | undefined;
  if (signal?.aborted === true) throw abortError(signal.reason);
  const { watch } = node.builtin<{ watch: (path: unknown, options: object) => Watcher }>("fs");
  const watcher = watch(path, { ...options, signal: undefined });
  const changes: Change[] = [];
  let wake: (() => void) | null = null;
  watcher.on("change", (eventType: string, filename: string) => {
    changes.push({ eventType, filename });
    wake?.();
  });
  signal?.addEventListener("abort", () => wake?.(), { once: true });
  try {
    for (;;) {
      const change = changes.shift();
      if (change !== undefined) {
        yield change;
        continue;
      }
      if (isAborted(signal)) throw abortError(signal?.reason);
      await new Promise<void>((resolve) => (wake = resolve));
    }
  } finally {
    watcher.close();
  }
}

function isAborted(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true;
}
