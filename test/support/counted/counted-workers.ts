import { addHits, COUNTERS, type Counters, type CountersMessage } from "./counters.ts";

const scope = globalThis as { [COUNTERS]?: Counters };

/** The workers of processes; in a run with coverage, their counters come home when they exit. */
export const countedWorkers = {
  shell: () =>
    collecting(
      new Worker(new URL("./shell.worker.ts", import.meta.url), { type: "module", name: known() }),
    ),
  node: () =>
    collecting(
      new Worker(new URL("./node.worker.ts", import.meta.url), { type: "module", name: known() }),
    ),
};

/** The files whose maps this page has, so that no worker sends them again. */
function known(): string {
  return Object.values(scope[COUNTERS] ?? {})
    .map(({ hash }) => hash)
    .join(" ");
}

function collecting(worker: Worker): Worker {
  worker.addEventListener("message", ({ data }: MessageEvent<CountersMessage | { type: null }>) => {
    if (data?.type === "counters") add(data.counters);
  });
  return worker;
}

function add(more: CountersMessage["counters"]): void {
  const all = (scope[COUNTERS] ??= {});
  for (const [path, counted] of Object.entries(more)) {
    const file = all[path];
    if (file !== undefined) addHits(file, counted);
    else if ("hash" in counted) all[path] = counted;
  }
}
