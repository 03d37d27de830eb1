import type * as z from "zod";
import { collectGarbage } from "../process/collect-garbage.ts";
import { EMBEDDER_PARAMETER } from "./embedder.ts";
import { measureWorkers } from "./measure-memory.ts";
import type { CollectGarbage, MeasureMemory } from "./memory-messages.ts";
import type { AskPersist, FrameConnect, FrameFailed, FramePersisted } from "./messages.ts";

/**
 * The types of the messages that this document acts upon. It looks at nothing else of them: the kernel
 * parses what it is handed on, and a parser here would be one more thing that every boot waits for.
 */
type Known = z.infer<
  typeof AskPersist | typeof CollectGarbage | typeof FrameConnect | typeof MeasureMemory
>["type"];

function is(type: Known, message: unknown): boolean {
  return (
    typeof message === "object" && message !== null && "type" in message && message.type === type
  );
}

/**
 * The document on the runtime's own origin: starts the kernel and passes ports to it. It obeys the
 * page that embeds it, and only that page: the origin it was told must be the one the browser
 * names. (The real guard is `frame-ancestors`, which the worker sends with this document.)
 */
function start(): void {
  const embedder = new URLSearchParams(location.search).get(EMBEDDER_PARAMETER);
  if (embedder === null || window.parent === window || !isEmbeddedBy(embedder)) return;
  const kernel = new Worker(new URL("../kernel/kernel.worker.ts", import.meta.url), {
    type: "module",
    name: "disco-kernel",
  });
  kernel.addEventListener("message", ({ data }) => {
    if (is("collect_garbage", data)) collectGarbage();
    if (is("measure_memory", data)) void measureMemory(kernel);
  });
  const onMessage = (event: MessageEvent): void => {
    if (event.origin !== embedder || event.source !== window.parent) return;
    const [port] = event.ports;
    if (port === undefined || !is("disco.runtime.connect", event.data)) return;
    window.removeEventListener("message", onMessage);
    obey(port, kernel);
  };
  window.addEventListener("message", onMessage);
  window.parent.postMessage({ type: "disco.runtime.ready" }, embedder);
}

function obey(control: MessagePort, kernel: Worker): void {
  control.addEventListener("message", ({ data, ports }: MessageEvent) => {
    if (is("persist", data)) void persist(control);
    else kernel.postMessage(data, [...ports]);
  });
  kernel.addEventListener("error", (event) => {
    event.preventDefault();
    const reason = event.message === "" ? "its script could not be loaded" : event.message;
    tell(control, { type: "failed", message: `The kernel failed: ${reason}` });
  });
  control.start();
}

/** Only a window may ask; what is kept is kept under this origin, not the page's. */
async function persist(control: MessagePort): Promise<void> {
  const value = await navigator.storage.persist().catch(() => false);
  tell(control, { type: "persisted", value });
}

function tell(control: MessagePort, message: z.infer<typeof FrameFailed | typeof FramePersisted>) {
  control.postMessage(message, []);
}

async function measureMemory(kernel: Worker): Promise<void> {
  kernel.postMessage({ type: "memory_measured", workers: await measureWorkers() }, []);
}

/** Browsers tell at least one of the two; Firefox only the referrer. */
function isEmbeddedBy(origin: string): boolean {
  const { ancestorOrigins } = location;
  const told = [
    ...(ancestorOrigins === undefined ? [] : [ancestorOrigins[0]]),
    ...(document.referrer === "" ? [] : [new URL(document.referrer).origin]),
  ];
  return told.every((ancestor) => ancestor === origin);
}

start();
