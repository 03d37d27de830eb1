import { callError } from "../file-errors.ts";
import { textOf } from "./arguments.ts";
import type { Kernel } from "../kernel.ts";
import { Listener, Socket } from "../open/socket.ts";
import { isAlive } from "../process/process.ts";
import type { CallHandlers } from "./handlers.ts";

type SocketCalls = Pick<CallHandlers, "listen" | "accept" | "connect" | "connectHttp" | "shutdown">;

/** Calls on sockets: byte streams between processes of this container, and its previews. */
export function socketCalls({ ports, network }: Kernel): SocketCalls {
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
    connectHttp: async (process, origin) => {
      const socket = await network.connect(textOf(origin, "connect"), process);
      // It may have ended while the page was asked what is allowed.
      if (isAlive(process)) return process.descriptors.add(socket, "connect");
      socket.close();
      throw callError("ESRCH", "connect");
    },
    shutdown: ({ descriptors }, fd) => {
      const socket = descriptors.get(fd, "shutdown");
      if (!(socket instanceof Socket)) throw callError("ENOTSOCK", "shutdown");
      socket.shutdown();
    },
  };
}
