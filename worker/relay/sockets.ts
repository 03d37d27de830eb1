import { closeSocket } from "./close-socket.ts";
import { Connection } from "./tab-link.ts";

const signInTag = (signIn: string): string => `sign-in ${signIn}`;

/** The WebSockets of one relay by the ids of their connections; hibernation keeps both. */
export class Sockets {
  readonly #ctx: DurableObjectState;

  constructor(ctx: DurableObjectState) {
    this.#ctx = ctx;
  }

  /** @param signIn id of the sign-in that the tab's ticket came from */
  accept(socket: WebSocket, connection: string, signIn: string): void {
    this.#ctx.acceptWebSocket(socket, [connection, signInTag(signIn)]);
  }

  of(connection: string): WebSocket | undefined {
    return this.#ctx.getWebSockets(connection)[0];
  }

  connectionOf(socket: WebSocket): string {
    return this.#ctx.getTags(socket)[0] ?? "";
  }

  /** Ids of the connections that a sign-in opened; null: of every one. */
  connectionsOf(signIn: string | null): string[] {
    const tag = signIn === null ? undefined : signInTag(signIn);
    return this.#ctx.getWebSockets(tag).map((socket) => this.connectionOf(socket));
  }

  /** The connections as they were kept when the object fell asleep. */
  awaken(): Map<string, Connection> {
    const connections = new Map<string, Connection>();
    for (const socket of this.#ctx.getWebSockets()) {
      const kept = Connection.safeParse(socket.deserializeAttachment());
      if (kept.success) connections.set(this.connectionOf(socket), kept.data);
    }
    return connections;
  }

  /** Time of each connection's last ping, in milliseconds since the epoch. */
  lastPings(connections: Iterable<string>): Map<string, number> {
    const heard = new Map<string, number>();
    for (const id of connections) {
      const socket = this.of(id);
      const at = socket && this.#ctx.getWebSocketAutoResponseTimestamp(socket);
      if (at) heard.set(id, at.getTime());
    }
    return heard;
  }

  close(connection: string, code: number, reason: string): void {
    const socket = this.of(connection);
    if (!socket) return;
    // A closing socket is listed until its peer answers; without an attachment it stays closed.
    socket.serializeAttachment(null);
    closeSocket(socket, code, reason);
  }
}
