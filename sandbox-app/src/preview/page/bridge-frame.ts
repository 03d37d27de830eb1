import { RESERVED_PATH } from "#protocol/previews.ts";
import {
  AT,
  BRIDGE_CONNECT,
  BRIDGE_FAILED,
  BRIDGE_FILE,
  BRIDGE_READY,
  EMBEDDER_PARAMETER,
  isMessage,
  SUPERSEDED,
  textField,
  WHERE,
} from "../messages.ts";

/** Loading a small document and starting its service worker; a cold browser takes a second. */
const READY_TIMEOUT_MS = 20_000;

/** The bridge answers from memory. */
const ANSWER_TIMEOUT_MS = 1_000;

export interface BridgeOptions {
  /** Origin of the preview. */
  readonly origin: string;
  /** What to do with the port on which the preview asks for connections. */
  readonly serve: (connections: MessagePort) => void;
  /** Another page of Disco shows this origin now, and this one no longer can. */
  readonly onSuperseded: () => void;
}

/** Where a preview's frame is. */
export interface PreviewPlace {
  /** Path, query and fragment; empty when it cannot be told. */
  readonly path: string;
  /** Untrusted text. */
  readonly title: string;
}

export interface BridgeFrame {
  /** @param frame name of the preview's frame */
  where(frame: string): Promise<PreviewPlace>;
  close(): void;
}

/**
 * Makes an origin show a preview: puts its bridge into the page and hands it its ports. It believes
 * only what comes from this very frame while it shows this very origin, and hands over once.
 *
 * @throws Error when the origin does not answer, or the browser does not allow it
 */
export async function openBridge(options: BridgeOptions): Promise<BridgeFrame> {
  const { origin, serve, onSuperseded } = options;
  const frame = hiddenFrame(origin);
  try {
    await bridgeReady(frame, origin);
  } catch (error) {
    frame.remove();
    throw error;
  }
  const control = new MessageChannel();
  const connections = new MessageChannel();
  frame.contentWindow?.postMessage({ type: BRIDGE_CONNECT }, origin, [
    control.port2,
    connections.port2,
  ]);
  serve(connections.port1);
  const page = control.port1;
  page.addEventListener("message", ({ data }: MessageEvent<unknown>) => {
    if (isMessage(data, SUPERSEDED)) onSuperseded();
  });
  page.start();
  return {
    where: (name) => askWhere(page, name),
    close: () => {
      page.close();
      frame.remove();
    },
  };
}

function hiddenFrame(origin: string): HTMLIFrameElement {
  const url = new URL(RESERVED_PATH + BRIDGE_FILE, origin);
  url.searchParams.set(EMBEDDER_PARAMETER, location.origin);
  const frame = document.createElement("iframe");
  // A preview is of the same origin and can act as this frame: it may open no windows here either.
  frame.sandbox.add("allow-scripts", "allow-same-origin");
  frame.src = url.href;
  frame.title = "Disco preview bridge";
  // The bridge checks who embeds it; some browsers tell it by the referrer only.
  frame.referrerPolicy = "origin";
  frame.hidden = true;
  frame.ariaHidden = "true";
  frame.tabIndex = -1;
  document.body.append(frame);
  return frame;
}

function bridgeReady(frame: HTMLIFrameElement, origin: string): Promise<void> {
  const done = new AbortController();
  const ready = new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new Error(`${origin} does not answer. Does this browser resolve its name?`));
    }, READY_TIMEOUT_MS);
    done.signal.addEventListener("abort", () => clearTimeout(timer));
    const onMessage = (event: MessageEvent<unknown>): void => {
      if (event.origin !== origin || event.source !== frame.contentWindow) return;
      if (isMessage(event.data, BRIDGE_READY)) resolve();
      if (isMessage(event.data, BRIDGE_FAILED)) reject(new Error(textField(event.data, "message")));
    };
    window.addEventListener("message", onMessage, { signal: done.signal });
  });
  return ready.finally(() => done.abort());
}

async function askWhere(page: MessagePort, name: string): Promise<PreviewPlace> {
  const done = new AbortController();
  const { promise, resolve } = Promise.withResolvers<PreviewPlace>();
  page.addEventListener(
    "message",
    ({ data }: MessageEvent<unknown>) => {
      if (!isMessage(data, AT)) return;
      resolve({ path: textField(data, "path"), title: textField(data, "title") });
    },
    { signal: done.signal },
  );
  const timer = setTimeout(() => resolve({ path: "", title: "" }), ANSWER_TIMEOUT_MS);
  page.postMessage({ type: WHERE, frame: name }, []);
  return await promise.finally(() => {
    clearTimeout(timer);
    done.abort();
  });
}
