import "../../../interpreted-schemas.ts";
import { WORKSPACE_MAX_BYTES } from "#protocol/limits.ts";
// What vite makes of a worker has a default export, the file itself has none.
// oxlint-disable-next-line import/default
import nodeWorker from "../node/node.worker.ts?worker&url";
// oxlint-disable-next-line import/default
import shellWorker from "../shell/shell.worker.ts?worker&url";
import { serveRuntime } from "../../port/serve-runtime.ts";
import { MemoryMeasured } from "../frame/memory-messages.ts";
import { OpenNetwork } from "../frame/messages.ts";
import { collectGarbage } from "../process/collect-garbage.ts";
import { bootKernel } from "../storage/boot-kernel.ts";
import { EmbeddedRuntime } from "./embedded-runtime.ts";
import { FileSystem } from "./file-system.ts";
import { Kernel } from "./kernel.ts";
import { layOut } from "./layout.ts";
import { MemoryWatch } from "./memory-watch.ts";
import { WorkerBody } from "./process/worker-body.ts";
import { WorkerPool } from "./process/worker-pool.ts";
import { nodePrograms, shellPrograms } from "./programs.ts";
import { startWatchdog } from "./start-watchdog.ts";

/** By then the page shows its first prompt, which no other worker's loading is to hold up. */
const BOOTED_AFTER_MS = 1_000;

const now = (): number => Date.now();
const files = new FileSystem({ maxBytes: WORKSPACE_MAX_BYTES, now });
layOut(files, [...shellPrograms, ...nodePrograms]);

const workers = new WorkerPool(
  {
    shell: (mark) => new Worker(`${shellWorker}#${mark}`, { type: "module" }),
    node: (mark) => new Worker(`${nodeWorker}#${mark}`, { type: "module" }),
  },
  { calmAfterMs: BOOTED_AFTER_MS },
);
workers.prepare("shell");
setTimeout(() => workers.prepare("node"), BOOTED_AFTER_MS);
const kernel: Kernel = new Kernel({
  files,
  now,
  launch: (process, { kind }) => {
    const worker = workers.take(kind);
    memory.follow(process, workers.markOf(worker));
    return new WorkerBody(kernel, process, worker);
  },
});
const runtime = new EmbeddedRuntime(kernel, workers);
const memory = new MemoryWatch({
  measure: () => self.postMessage({ type: "measure_memory" }, { transfer: [] }),
  collect: () => {
    self.postMessage({ type: "collect_garbage" }, { transfer: [] });
    for (const { body } of kernel.table.list()) body.collect();
    workers.collect();
    collectGarbage();
  },
  now: () => performance.now(),
});
startWatchdog(kernel, memory);

/** The frame hands over ports; each serves the same container to one more client. */
const onMessage = bootKernel(
  files,
  (port) => serveRuntime(runtime, port),
  (message) => runtime.fail(new Error(message)),
);
self.addEventListener("message", (event) => {
  const measured = MemoryMeasured.safeParse(event.data);
  if (measured.success) memory.measured(measured.data.workers);
  const [port] = event.ports;
  if (port !== undefined && OpenNetwork.safeParse(event.data).success) kernel.network.serve(port);
  else onMessage(event);
});

self.addEventListener("error", ({ message }) => runtime.fail(new Error(message)));
self.addEventListener("unhandledrejection", ({ reason }) => {
  runtime.fail(reason instanceof Error ? reason : new Error(String(reason)));
});
