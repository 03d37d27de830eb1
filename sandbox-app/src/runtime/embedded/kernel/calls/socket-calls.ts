import { callError } from "../file-errors.ts";
import { textOf } from "./arguments.ts";
import type { Kernel } from "../kernel.ts";
import { Listener, Socket } from "../open/socket.ts";
import { isAlive, type Process } from "../process/process.ts";
import type { CallHandlers } from "./handlers.ts";

type SocketCalls = Pick<
  CallHandlers,
  "listen" | "accept" | "connect" | "connectHttp" | "connectGit" | "shutdown"
>;

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
    connectHttp: async (process, origin) =>
      given(process, await network.connect(textOf(origin, "connect"), process)),
    connectGit: async (process, origin) =>
      given(process, await network.connectGit(textOf(origin, "connect"), process)),
    shutdown: ({ descriptors }, fd) => {
      const socket = descriptors.get(fd, "shutdown");
      if (!(socket instanceof Socket)) throw callError("ENOTSOCK", "shutdown");
      socket.shutdown();
    },
  };
}

/** A descriptor of it, unless the process has ended while the page was asked what is allowed. */
function given(process: Process, socket: Socket): number {
  if (isAlive(process)) return process.descriptors.add(socket, "connect");
  socket.close();
  throw callError("ESRCH", "connect");
}
