import {
  AskPersist,
  BootContainer,
  EMBEDDER_PARAMETER,
  FrameConnect,
  OpenNetwork,
  OpenPort,
} from "./messages.ts";

import { measureMemoryFor } from "./measure-memory.ts";

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
  measureMemoryFor(kernel);
  const onMessage = (event: MessageEvent): void => {
    if (event.origin !== embedder || event.source !== window.parent) return;
    const [port] = event.ports;
    if (port === undefined || !FrameConnect.safeParse(event.data).success) return;
    window.removeEventListener("message", onMessage);
    obey(port, kernel);
  };
  window.addEventListener("message", onMessage);
  window.parent.postMessage({ type: "disco.runtime.ready" }, embedder);
}

function obey(control: MessagePort, kernel: Worker): void {
  control.addEventListener("message", ({ data, ports: [port] }: MessageEvent) => {
    if (port !== undefined && OpenPort.safeParse(data).success) {
      kernel.postMessage({ type: "serve" }, [port]);
      return;
    }
    if (port !== undefined && OpenNetwork.safeParse(data).success) {
      kernel.postMessage({ type: "network" }, [port]);
      return;
    }
    const boot = BootContainer.safeParse(data);
    if (port !== undefined && boot.success) kernel.postMessage(boot.data, [port]);
    if (AskPersist.safeParse(data).success) void persist(control);
  });
  kernel.addEventListener("error", (event) => {
    event.preventDefault();
    const reason = event.message === "" ? "its script could not be loaded" : event.message;
    control.postMessage({ type: "failed", message: `The kernel failed: ${reason}` }, []);
  });
  control.start();
}

/** Only a window may ask; what is kept is kept under this origin, not the page's. */
async function persist(control: MessagePort): Promise<void> {
  const value = await navigator.storage.persist().catch(() => false);
  control.postMessage({ type: "persisted", value }, []);
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
