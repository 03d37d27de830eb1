import { bootEmbedded } from "#sandbox/runtime/embedded/boot-embedded.ts";
import type { Runtime } from "#sandbox/runtime/runtime.ts";

/** A first boot compiles the shell for every worker; the machine may be busy with other tests. */
const BOOT_TIMEOUT_MS = 20_000;

/** The container as the page has it: frame, kernel and workers are real. For tests in a browser. */
export async function bootInPage(): Promise<Runtime> {
  const { runtime } = await bootEmbedded({
    runtimeOrigin: location.origin,
    framePath: "/sandbox-app/runtime.html",
    timeoutMs: BOOT_TIMEOUT_MS,
  });
  return runtime;
}
