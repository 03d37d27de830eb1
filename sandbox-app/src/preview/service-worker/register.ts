import { RESERVED_PATH } from "#protocol/previews.ts";
import { SERVICE_WORKER_FILE } from "../messages.ts";

/** A worker of a few kilobytes starts in well under a second. */
const START_TIMEOUT_MS = 15_000;

/**
 * Lets the service worker answer for this origin. Every load checks for a newer one.
 *
 * @throws Error when the browser does not allow it, or it does not start
 */
export async function startServiceWorker(): Promise<void> {
  if (!("serviceWorker" in navigator)) {
    throw new Error(
      "This browser has no service workers here; a private window may turn them off.",
    );
  }
  const registration = await navigator.serviceWorker.register(RESERVED_PATH + SERVICE_WORKER_FILE, {
    scope: "/",
    updateViaCache: "none",
  });
  // One that answers already will do: a newer one waits for as long as an old stream runs.
  const worker = registration.active ?? registration.waiting ?? registration.installing;
  if (worker === null) throw new Error("The service worker was not installed.");
  await activated(worker);
}

function activated(worker: ServiceWorker): Promise<void> {
  return new Promise((resolve, reject) => {
    const look = (): void => {
      if (worker.state === "activated") resolve();
      if (worker.state === "redundant") reject(new Error("The service worker was given up."));
    };
    worker.addEventListener("statechange", look);
    setTimeout(() => reject(new Error("The service worker did not start.")), START_TIMEOUT_MS);
    look();
  });
}
