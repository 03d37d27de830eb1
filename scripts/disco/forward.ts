import { once } from "node:events";
import net, { type AddressInfo } from "node:net";

/** A port of this machine that leads to another one. */
export interface Forward {
  readonly port: number;
  /** Where connections go from now on; until then they are refused. */
  to(port: number): void;
  stop(): void;
}

/**
 * Listens on one more port, for browsers that know this machine by `localhost` only: there a second
 * origin needs a second port. The Host header tells the worker which one was asked.
 *
 * @param port 0 for any that is free
 */
export async function forwardPort(port: number): Promise<Forward> {
  let target: number | undefined;
  const open = new Set<net.Socket>();
  const server = net.createServer((incoming) => {
    if (target === undefined) {
      incoming.destroy();
      return;
    }
    const outgoing = net.connect(target, "127.0.0.1");
    for (const [one, other] of [
      [incoming, outgoing],
      [outgoing, incoming],
    ] as const) {
      open.add(one);
      one.on("error", () => other.destroy());
      one.on("close", () => {
        open.delete(one);
        other.destroy();
      });
      one.pipe(other);
    }
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    to: (next) => {
      target = next;
    },
    stop: () => {
      server.close();
      for (const socket of open) socket.destroy();
    },
  };
}
