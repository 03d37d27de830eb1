import type { ContainerLink } from "./link.ts";

/** Milliseconds that a relay gets to answer; a list must not wait for the one that does not. */
const STATE_WAIT_MS = 2_000;

/** As in container_status; `unknown` when the relay did not answer in time. */
export type ContainerState = "waiting_for_tab" | "booting" | "ready" | "error" | "unknown";

/** Whether a container runs in a tab now. Never throws. */
export async function stateOf(link: ContainerLink): Promise<ContainerState> {
  const { promise: late, resolve } = Promise.withResolvers<ContainerState>();
  const timer = setTimeout(() => resolve("unknown"), STATE_WAIT_MS);
  try {
    const asked = link.attachment().then((it): ContainerState => {
      return it.attached ? it.runtime.state : "waiting_for_tab";
    });
    return await Promise.race([asked, late]);
  } catch {
    return "unknown";
  } finally {
    clearTimeout(timer);
  }
}
