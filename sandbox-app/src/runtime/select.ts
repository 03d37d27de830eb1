import {
  type BootedRuntime,
  bootEmbedded,
  type EmbeddedOptions,
} from "./embedded/boot-embedded.ts";

/**
 * Boots the runtime that suits this browser: the embedded one, which needs nobody's servers.
 *
 * @throws Error when the time is over, the signal fires, or the browser cannot run it
 */
export function bootRuntime(options: EmbeddedOptions): Promise<BootedRuntime> {
  return bootEmbedded(options);
}
