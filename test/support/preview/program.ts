import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** A program that a preview shows: Node's own HTTP server. */
export interface Program {
  readonly server: Server;
  readonly port: number;
  stop(): void;
}

export async function startProgram(listener: RequestListener): Promise<Program> {
  const server = createServer(listener);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    server,
    port: (server.address() as AddressInfo).port,
    stop: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
