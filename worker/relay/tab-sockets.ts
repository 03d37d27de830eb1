import type { RelayFrame } from "#protocol/frames.ts";
import { closeSocket } from "./close-socket.ts";
import { type Received, TabChannels } from "./tab-channels.ts";
import { Connection } from "./tab-link.ts";

const signInTag = (signIn: string): string => `sign-in ${signIn}`;

/**
 * The sockets of one relay by the ids of their connections, and what each has half sent or received.
 * The runtime keeps the sockets while the object sleeps; the rest is made anew.
 */
export class TabSockets {
  readonly #ctx: DurableObjectState;
  readonly #channels = new TabChannels((connection) => this.#socketOf(connection));

  constructor(ctx: DurableObjectState) {
    this.#ctx = ctx;
  }

  /**
   * @param signIn id of the sign-in that the tab's ticket came from
   * @returns the id of the new connection, and the tab's end of it
   */
  accept(signIn: string): { readonly connection: string; readonly client: WebSocket } {
    const { 0: client, 1: server } = new WebSocketPair();
    const connection = crypto.randomUUID();
    this.#ctx.acceptWebSocket(server, [connection, signInTag(signIn)]);
    return { connection, client };
  }

  /** The connections that were open when the object went to sleep. */
  awaken(): Map<string, Connection> {
    const connections = new Map<string, Connection>();
    for (const socket of this.#ctx.getWebSockets()) {
      const kept = Connection.safeParse(socket.deserializeAttachment());
      if (kept.success) connections.set(this.connectionOf(socket), kept.data);
    }
    return connections;
  }

  /** Ids of the connections that a sign-in opened; null: of every one. */
  connectionsOf(signIn: string | null): string[] {
    const tag = signIn === null ? undefined : signInTag(signIn);
    return this.#ctx.getWebSockets(tag).map((socket) => this.connectionOf(socket));
  }

  connectionOf(socket: WebSocket): string {
    return this.#ctx.getTags(socket)[0] ?? "";
  }

  keep(connection: string, as: Connection): void {
    this.#socketOf(connection)?.serializeAttachment(as);
  }

  receive(connection: string, message: string | ArrayBuffer): Received {
    return this.#channels.receive(connection, message);
  }

  /** @throws FrameError when the frame is above FRAME_MAX_BYTES */
  send(connection: string, frame: RelayFrame): void {
    this.#channels.send(connection, frame);
  }

  close(connection: string, code: number, reason: string): void {
    const socket = this.#socketOf(connection);
    this.forget(connection);
    if (!socket) return;
    // A closing socket is listed until its peer answers; without an attachment it stays closed.
    socket.serializeAttachment(null);
    closeSocket(socket, code, reason);
  }

  forget(connection: string): void {
    this.#channels.forget(connection);
  }

  /** When each of the connections pinged last, in milliseconds since the epoch. */
  lastPings(connections: Iterable<string>): Map<string, number> {
    const heard = new Map<string, number>();
    for (const id of connections) {
      const socket = this.#socketOf(id);
      const at = socket && this.#ctx.getWebSocketAutoResponseTimestamp(socket);
      if (at) heard.set(id, at.getTime());
    }
    return heard;
  }

  #socketOf(connection: string): WebSocket | undefined {
    return this.#ctx.getWebSockets(connection)[0];
  }
}
