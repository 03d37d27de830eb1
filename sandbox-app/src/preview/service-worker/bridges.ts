import { RESERVED_PATH } from "#protocol/previews.ts";
import { openConnection, type PreviewConnection } from "../connect.ts";
import { BRIDGE_FILE, CONNECT, EMBEDDER_PARAMETER } from "../messages.ts";
import type { Client, ServiceWorkerScope } from "./scope.ts";

/** A page that has just been reloaded brings its bridge back within this. */
const BRIDGE_TIMEOUT_MS = 3_000;
const BRIDGE_POLL_MS = 50;

/** No page of Disco shows this preview now. */
export class NoBridge extends Error {
  override readonly name = "NoBridge";
}

export interface Bridge {
  /** Origin of the page that embeds it. */
  readonly embedder: string;
  /** Passes a port on to the tab. */
  pass(port: MessagePort): void;
}

/**
 * The bridge of this origin. A service worker may be stopped between any two events, so it is looked
 * up each time and nothing is remembered.
 *
 * @throws NoBridge
 */
export async function findBridge(scope: ServiceWorkerScope): Promise<Bridge> {
  const deadline = Date.now() + BRIDGE_TIMEOUT_MS;
  for (;;) {
    const all = await scope.clients.matchAll({ includeUncontrolled: true, type: "window" });
    const client = all.find(isBridge);
    if (client !== undefined) return bridgeOf(client);
    if (Date.now() > deadline) throw new NoBridge("No page of Disco shows this preview.");
    await new Promise((resolve) => setTimeout(resolve, BRIDGE_POLL_MS));
  }
}

/** @throws ConnectionRefused */
export async function connectThrough(bridge: Bridge): Promise<PreviewConnection> {
  const { port1, port2 } = new MessageChannel();
  const connection = openConnection(port1);
  bridge.pass(port2);
  return await connection;
}

function isBridge({ url }: Client): boolean {
  return new URL(url).pathname === RESERVED_PATH + BRIDGE_FILE;
}

function bridgeOf(client: Client): Bridge {
  return {
    embedder: new URL(client.url).searchParams.get(EMBEDDER_PARAMETER) ?? "",
    pass: (port) => client.postMessage({ type: CONNECT }, [port]),
  };
}
