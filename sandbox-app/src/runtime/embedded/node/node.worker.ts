import { startSystem } from "../process/system.ts";
import type { System } from "../kernel/system-calls.ts";
import type { Natives } from "./context.ts";

/*
 * The worker of one process of the kind `node`. A spare worker has loaded the large parts long before
 * it is needed, so that a start costs little.
 */

// Guests may replace any global; what the runtime needs of them is taken before.
const natives: Natives = {
  setTimeout: self.setTimeout.bind(self),
  clearTimeout: self.clearTimeout.bind(self) as (timer: unknown) => void,
  MessageChannel,
  now: performance.now.bind(performance),
  timeOrigin: performance.timeOrigin,
  fetch: self.fetch.bind(self),
  crypto,
  loadSync: fileLoader(XMLHttpRequest),
};
const listen = self.addEventListener.bind(self);
const base = new URL(".", import.meta.url).href;
const { origin } = self.location;

/** A large part that few programs use need not be part of every process. */
function fileLoader(Request: typeof XMLHttpRequest): Natives["loadSync"] {
  return (url) => {
    const request = new Request();
    request.open("GET", new URL(url, base), false);
    request.responseType = "arraybuffer";
    request.send();
    if (request.status !== 200) throw new Error(`${url} cannot be loaded (${request.status})`);
    return request.response as ArrayBuffer;
  };
}

const started = startSystem();
const runtime = Promise.all([import("./run-node.ts"), import("./builtins/registry.ts")]);
void main(await started);

async function main(system: System): Promise<void> {
  const name = system.start.program.split("/").at(-1);
  if (name === "npm" || name === "npx") {
    const { npmMain } = await import("../npm/main.ts");
    const registry = new URL("/__disco/registry/", origin).href;
    system.exit(await npmMain(system, { fetch: natives.fetch, registry }));
  }
  if (name === "git") {
    const { gitMain } = await import("../git/main.ts");
    system.exit(await gitMain(system));
  }
  const [{ runNode }, { builtins }] = await runtime;
  runNode({
    system,
    natives,
    builtins,
    global: globalThis,
    ownSource: (file) => file.startsWith(base) || file.startsWith(origin),
    onRejection(listener, handled) {
      listen("unhandledrejection", (event: PromiseRejectionEvent) => {
        event.preventDefault();
        listener(event.reason, event.promise);
      });
      listen("rejectionhandled", (event: PromiseRejectionEvent) => handled(event.promise));
    },
  });
}
