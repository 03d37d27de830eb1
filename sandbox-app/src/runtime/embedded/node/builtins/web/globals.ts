import type { NodeContext } from "../../context.ts";
import { missingFeature } from "../errors/node-error.ts";
import type { Ports } from "../threads/message-port.ts";
import { ownBroadcastChannel } from "./broadcast-channel.ts";
import { createFetch } from "./fetch.ts";
import { inspectWebClasses } from "./inspect-web.ts";
import { globalsWithNodeErrors } from "./node-errors.ts";
import { trackBlobStreams } from "./track-blob-streams.ts";
import { trackPromises } from "./track-promises.ts";

const subtleMethods =
  "decrypt deriveBits deriveKey digest encrypt exportKey generateKey importKey sign unwrapKey verify wrapKey".split(
    " ",
  );

function lazy(make: () => unknown): PropertyDescriptor {
  let made: { value: unknown } | undefined;
  return {
    configurable: true,
    enumerable: false,
    get: () => (made ??= { value: make() }).value,
    set: (value: unknown) => {
      made = { value };
    },
  };
}

function noWebSocket(): unknown {
  return function WebSocket(): never {
    throw missingFeature(
      "The global WebSocket",
      "Use the package `ws`, which reaches ports of this container.",
    );
  };
}

/** What the builtins add to the guest's `globalThis`. */
export function createGlobals(node: NodeContext): Record<string, PropertyDescriptor> {
  trackPromises(node, "BLOBREADER", Blob.prototype, ["text", "arrayBuffer", "bytes"]);
  trackBlobStreams(node);
  const bodyMethods = ["text", "json", "arrayBuffer", "blob", "bytes", "formData"];
  trackPromises(node, "FETCH", Response.prototype, bodyMethods);
  trackPromises(node, "FETCH", Request.prototype, bodyMethods);
  const { subtle } = node.natives.crypto;
  trackPromises(node, "CRYPTO", subtle, subtleMethods);
  // Read before the guest's own `navigator` takes its place.
  const { hardwareConcurrency } = globalThis.navigator;
  const broadcastChannel = ownBroadcastChannel(globalThis.BroadcastChannel);
  inspectWebClasses(globalThis);
  const exchanged = Object.entries(globalsWithNodeErrors(globalThis)).map(
    ([name, value]): [string, PropertyDescriptor] => [
      name,
      { value, writable: true, configurable: true, enumerable: /^[a-z]/.test(name) },
    ],
  );
  const from = (module: string, name: string) =>
    lazy(() => node.builtin<Record<string, unknown>>(module)[name]);
  return {
    ...Object.fromEntries(exchanged),
    console: lazy(() => node.builtin("console")),
    Buffer: from("buffer", "Buffer"),
    MessageChannel: lazy(() => node.builtin<Ports>("internal/ports").MessageChannel),
    BroadcastChannel: lazy(() => broadcastChannel),
    fetch: lazy(() => createFetch(node)),
    WebSocket: lazy(noWebSocket),
    performance: from("perf_hooks", "performance"),
    crypto: lazy(() => node.natives.crypto),
    navigator: lazy(() => ({
      hardwareConcurrency,
      language: "en-US",
      languages: ["en-US"],
      platform: "linux",
      userAgent: `Node.js/${node.process.version.slice(1).split(".")[0]}`,
    })),
  };
}
