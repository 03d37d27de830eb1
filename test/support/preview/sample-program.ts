import { createHash } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { gzipSync } from "node:zlib";
import { Opcode } from "#sandbox/preview/websocket/frames.ts";
import { acceptOf, parseClientFrame, serverFrame } from "#test/sandbox-app/preview/raw-frames.ts";
import { type Program, startProgram } from "./program.ts";

type Answer = (request: IncomingMessage, response: ServerResponse) => unknown;

/** What the program serves: path → answer. */
const answers: Record<string, Answer> = {
  "/": (_, response) => {
    response.setHeader("Content-Type", "text/html; charset=utf-8");
    response.setHeader("X-Frame-Options", "DENY");
    response.setHeader("Content-Security-Policy", "frame-ancestors 'none'; img-src 'self'");
    response.end("<!doctype html><html><head><title>The program</title></head><p id=p>Grüße</p>");
  },
  "/second": (_, response) => html(response, "<title>Second</title>"),
  "/echo": async (request, response) => {
    const hash = createHash("sha256");
    let size = 0;
    for await (const part of request) {
      hash.update(part as Buffer);
      size += (part as Buffer).length;
    }
    const { headers, method, url } = request;
    response.setHeader("X-Program", "yes");
    response.end(JSON.stringify({ method, url, headers, size, hash: hash.digest("hex") }));
  },
  "/redirect": (request, response) => {
    response.writeHead(302, { Location: `http://${request.headers.host}/second?from=redirect` });
    response.end();
  },
  "/empty": (_, response) => response.writeHead(204).end(),
  "/gzip": (_, response) => {
    response.writeHead(200, { "Content-Encoding": "gzip", "Content-Type": "text/plain" });
    response.end(gzipSync("unpacked"));
  },
  "/cookie": (_, response) => {
    response.setHeader("Set-Cookie", [
      "sid=42; HttpOnly; Path=/",
      "theme=dark; Max-Age=60; Path=/cookie",
    ]);
    response.end("kept");
  },
  "/endless": (request, response) => {
    const timer = setInterval(() => response.write(`data: ${Date.now()}\n\n`), 20);
    response.writeHead(200, { "Content-Type": "text/event-stream" });
    request.socket.once("close", () => clearInterval(timer));
  },
  "/large": (_, response) => {
    response.setHeader("Content-Type", "application/octet-stream");
    for (let part = 0; part < 64; part++) response.write(Buffer.alloc(65_536, part));
    response.end();
  },
};

function html(response: ServerResponse, text: string): void {
  response.setHeader("Content-Type", "text/html");
  response.end(text);
}

/** A program with something of everything. */
export async function startSampleProgram(): Promise<Program> {
  const program = await startProgram((request, response) => {
    const answer = answers[new URL(request.url ?? "/", "http://x").pathname];
    if (answer !== undefined) return void answer(request, response);
    response.writeHead(404, { "Content-Type": "text/plain" });
    response.end(`The program has no ${request.url}.`);
  });
  program.server.on("upgrade", echoFrames);
  return program;
}

/** Sends back what comes, selects the first subprotocol, and closes with the client's own code. */
function echoFrames(request: IncomingMessage, socket: Duplex): void {
  let bytes = Buffer.alloc(0);
  socket.on("error", () => {});
  socket.write(
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
      `Sec-WebSocket-Protocol: ${request.headers["sec-websocket-protocol"]?.split(",")[0]}\r\n` +
      `Sec-WebSocket-Accept: ${acceptOf(request.headers["sec-websocket-key"] ?? "")}\r\n\r\n`,
  );
  socket.on("data", (data: Buffer) => {
    bytes = Buffer.concat([bytes, data]);
    for (let next = parseClientFrame(bytes); next !== null; next = parseClientFrame(bytes)) {
      bytes = bytes.subarray(bytes.length - next.rest);
      socket.write(serverFrame(next.opcode, next.payload));
      if (next.opcode === Opcode.close) socket.end();
    }
  });
}
