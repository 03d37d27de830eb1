import { WORKSPACE_MAX_BYTES } from "#protocol/limits.ts";
import { serveRuntime } from "../../port/serve-runtime.ts";
import { bootKernel } from "../storage/boot-kernel.ts";
import { FileSystem } from "./file-system.ts";
import { Kernel } from "./old-kernel.ts";
import { layOut } from "./layout.ts";
import { shellPrograms } from "./programs.ts";
import { WorkerPool } from "./worker-pool.ts";

const now = (): number => Date.now();
const files = new FileSystem({ maxBytes: WORKSPACE_MAX_BYTES, now });
layOut(files, shellPrograms);

const workers = new WorkerPool(
  () => new Worker(new URL("../shell/shell.worker.ts", import.meta.url), { type: "module" }),
);
const kernel = new Kernel({ files, workers, now });

/** The frame hands over ports; each serves the same container to one more client. */
const onMessage = bootKernel(
  files,
  (port) => serveRuntime(kernel, port),
  (message) => kernel.fail(new Error(message)),
);
self.addEventListener("message", onMessage);

self.addEventListener("error", ({ message }) => kernel.fail(new Error(message)));
self.addEventListener("unhandledrejection", ({ reason }) => {
  kernel.fail(reason instanceof Error ? reason : new Error(String(reason)));
});
