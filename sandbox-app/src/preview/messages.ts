/**
 * What page, bridge, service worker and previews say to each other. All of it is checked by hand where
 * it arrives: a schema library would be larger than the code that is put into every preview.
 */

/** A bridge has loaded and its service worker runs. To the page that embeds it, by window message. */
export const BRIDGE_READY = "disco.preview.ready";

/** A bridge cannot work; `message` says why. To the page, as above. */
export const BRIDGE_FAILED = "disco.preview.failed";

/**
 * The page hands two ports over: to the bridge, by window message, once. One is for page and bridge
 * themselves, the other leads to the tab's worker.
 */
export const BRIDGE_CONNECT = "disco.preview.connect";

/**
 * The transferred port is to be connected to the container's port. From a preview to its service
 * worker, from there to the bridge, and from there to the tab's worker.
 */
export const CONNECT = "disco.connect";

/** A newer bridge of this origin is there; this one gets no more work. From bridge to page. */
export const SUPERSEDED = "disco.preview.superseded";

/** The page asks where the frame of this name is; the answer is on the same port. */
export const WHERE = "disco.preview.where";
export const AT = "disco.preview.at";

/** Name of the query parameter of a bridge that holds the origin of the embedding page. */
export const EMBEDDER_PARAMETER = "embedder";

export const BRIDGE_FILE = "bridge.html";
export const SERVICE_WORKER_FILE = "service-worker.js";
/** Answered by the service worker itself. */
export const INJECTED_FILE = "injected.js";

/** Whether a message that came from anywhere is of this type. */
export function isMessage(data: unknown, type: string): boolean {
  return typeof data === "object" && data !== null && (data as { type?: unknown }).type === type;
}

/** The text in a field of a message; empty when there is none. */
export function textField(data: unknown, name: string): string {
  const value = typeof data === "object" && data !== null ? Reflect.get(data, name) : "";
  return typeof value === "string" ? value : "";
}
