import { openByteChannel } from "../runtime/port/byte-channel.ts";
import type { ByteDuplex } from "../runtime/runtime.ts";

/** A connection inside the tab opens in milliseconds; one that does not will never open. */
const OPEN_TIMEOUT_MS = 10_000;

/** What the tab says first on the port of a connection. */
export type Opening =
  | { readonly type: "opened"; readonly port: number }
  | { readonly type: "refused"; readonly message: string };

export interface PreviewConnection extends ByteDuplex {
  /** The container's port that is at the other end. */
  readonly port: number;
}

/** The container has nobody who listens, or the tab takes no more connections. */
export class ConnectionRefused extends Error {
  override readonly name = "ConnectionRefused";
}

/**
 * Uses a port that was sent on its way to the tab.
 *
 * @throws ConnectionRefused
 */
export async function openConnection(port: MessagePort): Promise<PreviewConnection> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const refuse = (message: string): void => reject(new ConnectionRefused(message));
  const timer = setTimeout(() => refuse("The container does not answer."), OPEN_TIMEOUT_MS);
  port.addEventListener("message", ({ data }: MessageEvent<unknown>) => {
    const message = data as Partial<Opening> | null;
    if (message?.type === "opened" && typeof message.port === "number") resolve(message.port);
    else if (message?.type === "refused") refuse(String(message.message));
  });
  port.addEventListener("close", () => refuse("The container is gone."));
  const channel = openByteChannel(port);
  try {
    return { ...channel, port: await promise };
  } catch (error) {
    await Promise.allSettled([channel.readable.cancel(), channel.writable.abort()]);
    throw error;
  } finally {
    clearTimeout(timer);
  }
}
