import { callError } from "../file-errors.ts";
import type { Kernel } from "../kernel.ts";
import { Listener, Socket } from "../open/socket.ts";
import type { CallHandlers } from "./handlers.ts";

type SocketCalls = Pick<CallHandlers, "listen" | "accept" | "connect" | "shutdown">;

/** Calls on sockets: byte streams between processes of this container, and its previews. */
export function socketCalls({ ports }: Kernel): SocketCalls {
  return {
    listen: ({ descriptors, pid }, port) => {
      const listener = ports.listen(port, pid);
      return { fd: descriptors.add(listener, "listen"), port: listener.port };
    },
    accept: async ({ descriptors, waits }, fd) => {
      const listener = descriptors.get(fd, "accept");
      if (!(listener instanceof Listener)) throw callError("ENOTSOCK", "accept");
      const socket = await listener.accept(waits);
      return { fd: descriptors.add(socket, "accept"), peerPort: socket.peerPort };
    },
    connect: ({ descriptors }, port) => descriptors.add(ports.connect(port), "connect"),
    shutdown: ({ descriptors }, fd) => {
      const socket = descriptors.get(fd, "shutdown");
      if (!(socket instanceof Socket)) throw callError("ENOTSOCK", "shutdown");
      socket.shutdown();
    },
  };
}
