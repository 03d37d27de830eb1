import type { ByteDuplex } from "../runtime.ts";
import { openByteChannel } from "./byte-channel.ts";

/** Passes bytes between a connection and the other end of a port; a failure of one resets the other. */
export function joinChannel(connection: ByteDuplex, port: MessagePort): void {
  const channel = openByteChannel(port);
  // Both ends tell their users of a failure by themselves.
  connection.readable.pipeTo(channel.writable).catch(() => {});
  channel.readable.pipeTo(connection.writable).catch(() => {});
}
