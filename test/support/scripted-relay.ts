import { createHash } from "node:crypto";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { FrameChannel } from "#protocol/frame-channel.ts";
import { PING, PONG, type RelayFrame, SUBPROTOCOL, type TabFrame } from "#protocol/frames.ts";

/** Appended to the key of the client (RFC 6455, section 1.3). */
const GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

const Opcode = { text: 1, binary: 2, close: 8 } as const;

/**
 * A relay that does only what the test tells it, down to what no real one would send. Speaks as much
 * of RFC 6455 as a browser's messages need.
 */
export class ScriptedRelay {
  readonly url: string;
  readonly connections: RelayConnection[] = [];
  readonly #server;

  private constructor(server: ReturnType<typeof createServer>) {
    this.#server = server;
    this.url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/relay/c`;
    server.on("upgrade", (request: IncomingMessage, socket: Duplex) => {
      this.connections.push(new RelayConnection(request, socket));
    });
  }

  static async start(): Promise<ScriptedRelay> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return new ScriptedRelay(server);
  }

  /** The newest connection. */
  get latest(): RelayConnection {
    const latest = this.connections.at(-1);
    if (!latest) throw new Error("No tab has connected.");
    return latest;
  }

  async close(): Promise<void> {
    for (const connection of this.connections) connection.cut();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }
}

/** One tab's connection, seen from the relay. */
export class RelayConnection {
  /** What the tab offered (RFC 6455, section 11.3.4). */
  readonly subprotocols: readonly string[];
  readonly frames: TabFrame[] = [];
  pings = 0;
  /** The code with which the tab closed. */
  closedWith: number | undefined;
  readonly #socket: Duplex;
  readonly #channel = FrameChannel.ofRelay((message) => this.sendRaw(message));
  #buffer = Buffer.alloc(0);

  constructor(request: IncomingMessage, socket: Duplex) {
    this.#socket = socket;
    const offered = request.headers["sec-websocket-protocol"] ?? "";
    this.subprotocols = offered.split(",").map((name) => name.trim());
    const key = `${request.headers["sec-websocket-key"]}${GUID}`;
    const accept = createHash("sha1").update(key).digest("base64");
    socket.write(
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
        `Sec-WebSocket-Accept: ${accept}\r\nSec-WebSocket-Protocol: ${SUBPROTOCOL}\r\n\r\n`,
    );
    socket.on("data", (bytes: Buffer) => this.#receive(bytes));
    socket.on("error", () => {});
  }

  send(frame: RelayFrame): void {
    this.#channel.send(frame);
  }

  /** Sends a message that need not be a frame. */
  sendRaw(message: string | Uint8Array): void {
    const opcode = typeof message === "string" ? Opcode.text : Opcode.binary;
    this.#write(opcode, Buffer.from(message as string));
  }

  close(code: number): void {
    const payload = Buffer.alloc(2);
    payload.writeUInt16BE(code);
    this.#write(Opcode.close, payload);
    this.#socket.end();
  }

  /** Ends the connection without a word. */
  cut(): void {
    this.#socket.destroy();
  }

  #write(opcode: number, payload: Buffer): void {
    const long = payload.length > 125;
    const header = Buffer.alloc(long ? 10 : 2);
    header[0] = 0x80 | opcode;
    header[1] = long ? 127 : payload.length;
    if (long) header.writeBigUInt64BE(BigInt(payload.length), 2);
    this.#socket.write(Buffer.concat([header, payload]));
  }

  /** Takes whole messages from what has come (RFC 6455, section 5.2); a browser masks its own. */
  #receive(bytes: Buffer): void {
    this.#buffer = Buffer.concat([this.#buffer, bytes]);
    for (;;) {
      if (this.#buffer.length < 6) return;
      const short = this.#buffer.readUInt8(1) & 0x7f;
      const extra = short === 127 ? 8 : short === 126 ? 2 : 0;
      if (this.#buffer.length < 6 + extra) return;
      const length =
        extra === 0 ? short : this.#buffer.readUIntBE(extra === 8 ? 4 : 2, extra === 8 ? 6 : 2);
      const start = 6 + extra;
      if (this.#buffer.length < start + length) return;
      const mask = this.#buffer.subarray(start - 4, start);
      const payload = this.#buffer.subarray(start, start + length);
      const plain = payload.map((byte, index) => byte ^ (mask[index % 4] ?? 0));
      const opcode = this.#buffer.readUInt8(0) & 0x0f;
      this.#buffer = this.#buffer.subarray(start + length);
      this.#take(opcode, Buffer.from(plain));
    }
  }

  #take(opcode: number, payload: Buffer): void {
    if (opcode === Opcode.close) {
      this.closedWith = payload.length < 2 ? 1005 : payload.readUInt16BE(0);
      this.#socket.end();
      return;
    }
    const message = opcode === Opcode.text ? payload.toString() : new Uint8Array(payload).buffer;
    if (message === PING) {
      this.pings += 1;
      this.sendRaw(PONG);
      return;
    }
    const frame = this.#channel.receive(message);
    if (frame) this.frames.push(frame);
  }
}
