import type { ContainerStorage } from "../runtime/embedded/storage/port/container-storage.ts";
import type { EventFan } from "./event-fan.ts";

/**
 * Has the container saved before the page may go, and lets it go to another tab that took over. The
 * relay and the storage both tell of that tab, in whatever order: the relay when it attaches, the
 * storage when it asks for the files. Either way this tab ends up without the container, saved. Of a
 * container that was deleted nothing stays [GONE-3].
 *
 * @param stop closes the connection to the relay for good, and tells that it was taken over
 */
export function keepSaved(
  storage: ContainerStorage,
  fan: EventFan,
  stop: () => void,
  signal: AbortSignal,
): void {
  const flush = (): void => void storage.flush().catch(() => {});
  // `beforeunload` comes first, while there is still time; the others where it does not come.
  addEventListener("beforeunload", flush, { signal });
  addEventListener("pagehide", flush, { signal });
  document.addEventListener("freeze", flush, { signal });
  document.addEventListener(
    "visibilitychange",
    () => {
      if (document.visibilityState === "hidden") flush();
    },
    { signal },
  );
  fan.on((event) => {
    if (event.kind !== "link") return;
    if (event.link.state === "taken_over") void storage.release().catch(() => {});
    if (event.link.state === "deleted") void storage.erase().catch(() => {});
  });
  storage.on(({ state }) => {
    if (state === "moved") stop();
  });
}
