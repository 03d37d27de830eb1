import {
  AT,
  BRIDGE_CONNECT,
  BRIDGE_FAILED,
  BRIDGE_READY,
  CONNECT,
  EMBEDDER_PARAMETER,
  isMessage,
  SUPERSEDED,
  textField,
  WHERE,
} from "../messages.ts";
import { startServiceWorker } from "../service-worker/register.ts";

/** Ports that came before the page handed its own over; more than a page load asks for at once. */
const WAITING_MAX = 256;

/** Only one bridge of an origin works: the newest. */
const LOCK = "disco.preview.bridge";

/**
 * The hidden frame on a preview's origin, between its service worker and the page: the service worker
 * cannot reach a page of another origin, and the page cannot reach the service worker. It can do what
 * every document of this origin can do, which is to connect to this one port of the container.
 */
function start(): void {
  const embedder = new URLSearchParams(location.search).get(EMBEDDER_PARAMETER);
  if (embedder === null || window.parent === window || !isEmbeddedBy(embedder)) return;
  const waiting: MessagePort[] = [];
  let tab: MessagePort | undefined;
  navigator.serviceWorker.addEventListener("message", ({ data, ports: [port] }) => {
    if (port === undefined || !isMessage(data, CONNECT)) return;
    if (tab !== undefined) tab.postMessage({ type: CONNECT }, [port]);
    else if (waiting.length < WAITING_MAX) waiting.push(port);
  });
  navigator.serviceWorker.startMessages();
  const onMessage = (event: MessageEvent): void => {
    if (event.origin !== embedder || event.source !== window.parent) return;
    const [control, connections] = event.ports;
    if (control === undefined || connections === undefined) return;
    if (!isMessage(event.data, BRIDGE_CONNECT)) return;
    window.removeEventListener("message", onMessage);
    tab = connections;
    obey(control);
    for (const early of waiting.splice(0)) tab.postMessage({ type: CONNECT }, [early]);
  };
  window.addEventListener("message", onMessage);
  startServiceWorker().then(
    () => window.parent.postMessage({ type: BRIDGE_READY }, embedder),
    (error: Error) =>
      window.parent.postMessage({ type: BRIDGE_FAILED, message: error.message }, embedder),
  );
}

function obey(page: MessagePort): void {
  page.addEventListener("message", ({ data }: MessageEvent<unknown>) => {
    if (isMessage(data, WHERE)) page.postMessage(whereIs(textField(data, "frame")), []);
  });
  page.start();
  // The holder of a stolen lock hears of it (Web Locks, section 4.5).
  const held = navigator.locks.request(LOCK, { steal: true }, () => new Promise(() => {}));
  held.catch(() => page.postMessage({ type: SUPERSEDED }, []));
}

/** The preview's frame stands beside this one; both are of one origin, so it can be looked into. */
function whereIs(name: string): object {
  for (let index = 0; index < window.parent.length; index++) {
    const frame = window.parent[index];
    const found = frame === undefined || frame === window ? null : lookInto(frame, name);
    if (found !== null) return found;
  }
  // It shows nothing, or an error page of the browser.
  return { type: AT, path: "", title: "" };
}

function lookInto(frame: Window, name: string): object | null {
  try {
    if (frame.name !== name) return null;
    const { pathname, search, hash } = frame.location;
    return { type: AT, path: pathname + search + hash, title: frame.document.title };
  } catch {
    // It is of another origin.
    return null;
  }
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
