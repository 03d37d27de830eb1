import * as z from "zod";
import type { ContainerStorage } from "../runtime/embedded/storage/port/container-storage.ts";

/** Milliseconds for the worker's answer; nobody waits for it. */
const REQUEST_TIMEOUT_MS = 10_000;

/** Containers that one question names; a browser that has more is asked again at the next visit. */
const ASKED_MAX = 100;

const Answer = z.object({ deleted: z.array(z.string()) });

/**
 * Deletes what this browser keeps of containers that were deleted while no page had them open
 * [GONE-3]. The worker says which: only those of the person who is signed in, so that nobody else's
 * files are touched in a browser that several people use.
 */
export async function forgetDeleted(
  storage: Pick<ContainerStorage, "others" | "forget">,
  signal: AbortSignal,
): Promise<void> {
  const containers = (await storage.others()).slice(0, ASKED_MAX);
  if (containers.length === 0) return;
  const response = await fetch("/auth/deleted-containers", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ containers }),
    credentials: "same-origin",
    cache: "no-store",
    signal: AbortSignal.any([signal, AbortSignal.timeout(REQUEST_TIMEOUT_MS)]),
  });
  if (!response.ok) return;
  const { deleted } = Answer.parse(await response.json());
  for (const container of deleted) {
    if (containers.includes(container)) await storage.forget(container);
  }
}
