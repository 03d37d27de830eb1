import { bootEmbedded } from "#sandbox/runtime/embedded/boot-embedded.ts";
import { runtimeContract } from "./runtime.ts";

/** A first boot compiles the shell for every worker; the machine may be busy with other tests. */
const BOOT_TIMEOUT_MS = 20_000;

runtimeContract({
  name: "embedded",
  boot: async () => {
    const { runtime } = await bootEmbedded({
      runtimeOrigin: location.origin,
      framePath: "/sandbox-app/runtime.html",
      timeoutMs: BOOT_TIMEOUT_MS,
    });
    return runtime;
  },
});
