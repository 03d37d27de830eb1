import { once } from "node:events";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { afterEach, describe, expect, it } from "vitest";
import { closePayload, Opcode } from "#sandbox/preview/websocket/frames.ts";
import { PreviewWebSocket } from "#sandbox/preview/websocket/preview-web-socket.ts";
import { type ClientFrame, acceptOf, parseClientFrame, serverFrame } from "./raw-frames.ts";
import { connectTcp } from "./tcp-duplex.ts";

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

/** The server's end of one WebSocket, in plain frames. */
interface Peer {
  readonly request: IncomingMessage;
  readonly send: (opcode: number, payload: string | Buffer, fin?: boolean) => void;
  /** The next frame of the client; null when the connection ended. */
  readonly frame: () => Promise<ClientFrame | null>;
  readonly socket: Duplex;
}

async function listen(answer: (request: IncomingMessage) => string | null): Promise<{
  port: number;
  peer: Promise<Peer>;
}> {
  const peer = Promise.withResolvers<Peer>();
  server = createServer();
  server.on("upgrade", (request, socket) => {
    socket.on("error", () => {});
    const key = request.headers["sec-websocket-key"] ?? "";
    const extra = answer(request);
    if (extra === null) {
      socket.end("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
      return;
    }
    socket.write(
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
        `Sec-WebSocket-Accept: ${acceptOf(key)}\r\n${extra}\r\n`,
    );
    peer.resolve(peerOf(request, socket));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return { port: (server.address() as AddressInfo).port, peer: peer.promise };
}

function peerOf(request: IncomingMessage, socket: Duplex): Peer {
  let bytes = Buffer.alloc(0);
  let ended = false;
  let wake = (): void => {};
  socket.on("data", (data: Buffer) => {
    bytes = Buffer.concat([bytes, data]);
    wake();
  });
  socket.on("close", () => {
    ended = true;
    wake();
  });
  return {
    request,
    socket,
    send: (opcode, payload, fin = true) =>
      socket.write(serverFrame(opcode, Buffer.from(payload as string), fin)),
    frame: async () => {
      for (;;) {
        const frame = parseClientFrame(bytes);
        if (frame !== null) {
          bytes = bytes.subarray(bytes.length - frame.rest);
          return frame;
        }
        if (ended) return null;
        await new Promise<void>((resolve) => (wake = resolve));
      }
    },
  };
}

function open(port: number, path = "/", protocols?: string | string[]) {
  const url = new URL(path, `ws://p${port}.disco.localhost`);
  return new PreviewWebSocket(url, protocols, async () => ({ ...(await connectTcp(port)), port }));
}

async function next<Type extends Event>(socket: PreviewWebSocket, type: string): Promise<Type> {
  return await new Promise((resolve) =>
    socket.addEventListener(type, (event) => resolve(event as Type), { once: true }),
  );
}

describe("a WebSocket of a preview", () => {
  it("opens as localhost, with path, query and subprotocol", async () => {
    const { port, peer } = await listen(() => "Sec-WebSocket-Protocol: vite-hmr\r\n");
    const socket = open(port, "/hmr?token=1", ["other", "vite-hmr"]);
    expect(socket.readyState).toBe(0);
    await next(socket, "open");
    expect([socket.readyState, socket.protocol]).toEqual([1, "vite-hmr"]);
    const { request } = await peer;
    expect(request.url).toBe("/hmr?token=1");
    expect(request.headers).toMatchObject({
      host: `localhost:${port}`,
      origin: `http://localhost:${port}`,
      "sec-websocket-version": "13",
      "sec-websocket-protocol": "other, vite-hmr",
    });
  });

  it("carries texts, bytes and blobs in order, always masked", async () => {
    const { port, peer } = await listen(() => "");
    const socket = open(port);
    await next(socket, "open");
    const bytes = Uint8Array.of(1, 2, 3);
    socket.send("é");
    socket.send(new Blob(["from a blob"]));
    socket.send(bytes);
    bytes.fill(9);
    socket.send(bytes.buffer);
    const { frame } = await peer;
    const frames = [await frame(), await frame(), await frame(), await frame()];
    expect(frames.every((one) => one?.masked)).toBe(true);
    expect(frames.map((one) => [one?.opcode, one?.payload.toString("latin1")])).toEqual([
      [1, "\u00c3\u00a9"],
      [2, "from a blob"],
      [2, "\u0001\u0002\u0003"],
      [2, "\t\t\t"],
    ]);
    await expect.poll(() => socket.bufferedAmount).toBe(0);
  });

  it("gives texts as texts, and bytes as binaryType says", async () => {
    const { port, peer } = await listen(() => "");
    const socket = open(port);
    const received: unknown[] = [];
    let called = 0;
    Reflect.set(socket, "onmessage", () => called++);
    socket.addEventListener("message", (event) => received.push((event as MessageEvent).data));
    await next(socket, "open");
    const { send } = await peer;
    send(Opcode.text, "one ", false);
    send(Opcode.continuation, "text");
    send(Opcode.binary, "blob");
    await expect.poll(() => received.length).toBe(2);
    socket.binaryType = "arraybuffer";
    send(Opcode.binary, "buffer");
    await expect.poll(() => received.length).toBe(3);
    expect(received[0]).toBe("one text");
    expect(await (received[1] as Blob).text()).toBe("blob");
    expect(Buffer.from(received[2] as ArrayBuffer).toString()).toBe("buffer");
    expect(called).toBe(3);
  });

  it("answers pings", async () => {
    const { port, peer } = await listen(() => "");
    await next(open(port), "open");
    const { send, frame } = await peer;
    send(Opcode.ping, "are you there");
    expect(await frame()).toMatchObject({ opcode: 10, payload: Buffer.from("are you there") });
  });

  it("closes when the page asks, with its code, after what it sent", async () => {
    const { port, peer } = await listen(() => "");
    const socket = open(port);
    await next(socket, "open");
    socket.send(new Blob(["last"]));
    socket.close(4001, "done");
    expect(socket.readyState).toBe(2);
    const { send, frame } = await peer;
    expect((await frame())?.payload.toString()).toBe("last");
    const close = await frame();
    expect([close?.opcode, close?.payload]).toEqual([8, Buffer.from(closePayload(4001, "done"))]);
    send(Opcode.close, Buffer.from(closePayload(4001, "done")));
    expect(await next<CloseEvent>(socket, "close")).toMatchObject({
      code: 4001,
      reason: "done",
      wasClean: true,
    });
    expect(socket.readyState).toBe(3);
  });

  it("closes when the server asks, and says so", async () => {
    const { port, peer } = await listen(() => "");
    const socket = open(port);
    await next(socket, "open");
    const { send, frame } = await peer;
    const closed = next<CloseEvent>(socket, "close");
    send(Opcode.close, Buffer.from(closePayload(1012, "restart")));
    expect(await closed).toMatchObject({ code: 1012, reason: "restart", wasClean: true });
    expect(await frame()).toMatchObject({ opcode: 8 });
  });

  it.each([
    ["the server goes away", (peer: Peer) => peer.socket.destroy(), 1006],
    [
      "the server breaks the protocol",
      (peer: Peer) => peer.socket.write("\xff\xff", "latin1"),
      1002,
    ],
  ])("fails when %s", async (_, act, code) => {
    const { port, peer } = await listen(() => "");
    const socket = open(port);
    await next(socket, "open");
    const errors: Event[] = [];
    socket.addEventListener("error", (event) => errors.push(event));
    const closed = next<CloseEvent>(socket, "close");
    act(await peer);
    expect(await closed).toMatchObject({ code, wasClean: false });
    expect(errors).toHaveLength(1);
  });

  it.each([
    ["refuses", () => null],
    ["selects a subprotocol that was not offered", () => "Sec-WebSocket-Protocol: other\r\n"],
    ["uses an extension", () => "Sec-WebSocket-Extensions: permessage-deflate\r\n"],
  ])("does not open when the server %s", async (_, answer) => {
    const { port } = await listen(answer);
    const socket = open(port);
    expect(await next<CloseEvent>(socket, "close")).toMatchObject({ code: 1006, wasClean: false });
  });

  it("does not open when it is closed before", async () => {
    const { port } = await listen(() => "");
    const socket = open(port);
    socket.close();
    expect(await next<CloseEvent>(socket, "close")).toMatchObject({ code: 1006 });
  });

  it("refuses what the standard refuses", async () => {
    const { port } = await listen(() => "");
    const socket = open(port);
    expect(() => socket.send("too early")).toThrow(/connecting/);
    expect(() => socket.close(1001)).toThrow(/not allowed/);
    expect(() => socket.close(1000, "x".repeat(124))).toThrow(/longer/);
    expect(() => open(port, "/", ["a", "a"])).toThrow(/subprotocols/);
    expect(() => open(port, "/", ["a b"])).toThrow(/subprotocols/);
  });
});
