import { WORKSPACE_MAX_BYTES } from "#protocol/limits.ts";
import { serveRuntime } from "../../port/serve-runtime.ts";
import { OpenNetwork } from "../frame/messages.ts";
import { bootKernel } from "../storage/boot-kernel.ts";
import { EmbeddedRuntime } from "./embedded-runtime.ts";
import { FileSystem } from "./file-system.ts";
import { Kernel } from "./kernel.ts";
import { layOut } from "./layout.ts";
import { WorkerBody } from "./process/worker-body.ts";
import { WorkerPool } from "./process/worker-pool.ts";
import { nodePrograms, shellPrograms } from "./programs.ts";
import { startWatchdog } from "./start-watchdog.ts";

/** The first Node process would wait for its worker to load; the first prompt comes before. */
const NODE_SPARE_DELAY_MS = 1_000;

const now = (): number => Date.now();
const files = new FileSystem({ maxBytes: WORKSPACE_MAX_BYTES, now });
layOut(files, [...shellPrograms, ...nodePrograms]);

const workers = new WorkerPool({
  shell: () => new Worker(new URL("../shell/shell.worker.ts", import.meta.url), { type: "module" }),
  node: () => new Worker(new URL("../node/node.worker.ts", import.meta.url), { type: "module" }),
});
workers.prepare("shell");
setTimeout(() => workers.prepare("node"), NODE_SPARE_DELAY_MS);
const kernel: Kernel = new Kernel({
  files,
  now,
  launch: (process, { kind }) => new WorkerBody(kernel, process, workers.take(kind)),
});
const runtime = new EmbeddedRuntime(kernel, workers);
startWatchdog(kernel);

/** The frame hands over ports; each serves the same container to one more client. */
const onMessage = bootKernel(
  files,
  (port) => serveRuntime(runtime, port),
  (message) => runtime.fail(new Error(message)),
);
self.addEventListener("message", (event) => {
  const [port] = event.ports;
  if (port !== undefined && OpenNetwork.safeParse(event.data).success) kernel.network.serve(port);
  else onMessage(event);
});

self.addEventListener("error", ({ message }) => runtime.fail(new Error(message)));
self.addEventListener("unhandledrejection", ({ reason }) => {
  runtime.fail(reason instanceof Error ? reason : new Error(String(reason)));
});
