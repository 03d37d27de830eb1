import { startServiceWorker } from "./service-worker/register.ts";

/** Counts reloads, because a browser that never lets the service worker answer would reload for ever. */
const KEY = "disco.bootstrap";
const RELOADS_MAX = 2;

/**
 * Stands where a preview will be, on an origin whose service worker does not answer yet: the first
 * visit, or a reload that goes around it.
 */
async function start(): Promise<void> {
  await startServiceWorker();
  const reloads = Number(sessionStorage.getItem(KEY) ?? 0);
  if (reloads >= RELOADS_MAX) {
    sessionStorage.removeItem(KEY);
    throw new Error("The service worker runs but does not answer. Reload the page.");
  }
  sessionStorage.setItem(KEY, String(reloads + 1));
  location.reload();
}

start().catch((error: unknown) => {
  const place = document.querySelector("p");
  if (place) place.textContent = error instanceof Error ? error.message : String(error);
});
