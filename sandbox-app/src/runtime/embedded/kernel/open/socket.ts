import { callError } from "../file-errors.ts";
import type { FileStatus } from "../system-calls.ts";
import { BaseFile, type Caller, statusWithoutInode } from "./open-file.ts";
import { Pipe } from "./pipe.ts";
import { WaitQueue, type Waits } from "./waits.ts";

/** Connections that wait to be accepted before more are refused: Node's default backlog. */
const BACKLOG_MAX = 511;

/** One end of a connection. */
export class Socket extends BaseFile {
  readonly peerPort: number;
  readonly #incoming: Pipe;
  readonly #outgoing: Pipe;
  readonly #ino: number;

  constructor(ends: { incoming: Pipe; outgoing: Pipe }, peerPort: number, ino: number) {
    super();
    this.#incoming = ends.incoming;
    this.#outgoing = ends.outgoing;
    this.peerPort = peerPort;
    this.#ino = ino;
  }

  override status(): FileStatus {
    return statusWithoutInode("socket", this.#ino);
  }

  override read(length: number, _position: number | null, { waits }: Caller) {
    return this.#incoming.read(length, waits);
  }

  override write(bytes: Uint8Array, _position: number | null, { waits }: Caller) {
    return this.#outgoing.write(bytes, waits);
  }

  /** No more bytes will be written. */
  shutdown(): void {
    this.#outgoing.closeWriter();
  }

  override close(): void {
    this.#outgoing.closeWriter();
    this.#incoming.closeReader();
  }

  /** Closes it; after what it has received, the peer reads this error instead of an end. */
  fail(error: Error): void {
    this.#outgoing.fail(error);
    this.#incoming.closeReader();
  }
}

/** Both ends of a new connection. */
export function connectSockets(
  ports: { client: number; server: number },
  nextIno: () => number,
): { client: Socket; server: Socket } {
  const [up, down] = [new Pipe(), new Pipe()];
  return {
    client: new Socket({ incoming: down, outgoing: up }, ports.server, nextIno()),
    server: new Socket({ incoming: up, outgoing: down }, ports.client, nextIno()),
  };
}

/** A socket that waits for connections. */
export class Listener extends BaseFile {
  readonly port: number;
  readonly #onClose: () => void;
  readonly #ino: number;
  readonly #backlog: Socket[] = [];
  readonly #arrived = new WaitQueue();
  #isClosed = false;

  constructor(port: number, ino: number, onClose: () => void) {
    super();
    this.port = port;
    this.#ino = ino;
    this.#onClose = onClose;
  }

  override status(): FileStatus {
    return statusWithoutInode("socket", this.#ino);
  }

  override read(): never {
    throw callError("ENOTCONN", "read");
  }

  override write(): never {
    throw callError("ENOTCONN", "write");
  }

  /** @throws FileError ECONNREFUSED when too many wait already */
  arrive(socket: Socket): void {
    if (this.#backlog.length >= BACKLOG_MAX) throw callError("ECONNREFUSED", "connect");
    this.#backlog.push(socket);
    this.#arrived.wake();
  }

  async accept(waits: Waits): Promise<Socket> {
    for (;;) {
      const socket = this.#backlog.shift();
      if (socket !== undefined) return socket;
      if (this.#isClosed) throw callError("EBADF", "accept");
      await this.#arrived.wait(waits);
    }
  }

  override close(): void {
    this.#isClosed = true;
    this.#arrived.wake();
    for (const socket of this.#backlog.splice(0)) socket.close();
    this.#onClose();
  }
}
