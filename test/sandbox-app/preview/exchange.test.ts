import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { type AddressInfo, createServer as createTcpServer } from "node:net";
import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { decodeBody } from "#sandbox/preview/http/decode-body.ts";
import { exchange, type IncomingResponse } from "#sandbox/preview/http/exchange.ts";
import type { OutgoingRequest } from "#sandbox/preview/http/write-request.ts";
import { bytesOf, connectTcp, streamOf, textOf } from "./tcp-duplex.ts";

let server: Server | undefined;
afterEach(() => server?.close());

/** Node's own HTTP server, which knows the protocol better than a test could. */
async function serve(
  answer: (request: IncomingMessage, response: ServerResponse) => unknown,
): Promise<number> {
  server = createServer((request, response) => void answer(request, response));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

async function ask(
  port: number,
  request: Partial<OutgoingRequest> = {},
  signal = new AbortController().signal,
): Promise<IncomingResponse> {
  const whole: OutgoingRequest = {
    method: "GET",
    target: "/",
    headers: [["host", `localhost:${port}`]],
    body: null,
    ...request,
  };
  return await exchange(whole, await connectTcp(port), signal);
}

async function received(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

describe("an exchange with Node's server", () => {
  it("carries method, target, headers and body, and any body back", async () => {
    const port = await serve(async (request, response) => {
      const body = await received(request);
      response.setHeader("X-Seen", [request.method, request.url, request.headers["x-a"]].join(" "));
      // Without a length: Node answers in chunks.
      if (body.length % 2 === 0) response.setHeader("Content-Length", body.length);
      for (let at = 0; at < body.length; at += 7_000) response.write(body.subarray(at, at + 7_000));
      response.end();
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.uint8Array({ maxLength: 40_000 }), { maxLength: 4 }),
        async (parts) => {
          const answer = await ask(port, {
            method: "POST",
            target: "/a?b=c",
            headers: [
              ["host", "localhost"],
              ["x-a", "\u00e9"],
            ],
            body: streamOf(...parts),
          });
          expect(answer.status).toBe(200);
          expect(answer.headers).toContainEqual(["X-Seen", "POST /a?b=c \u00e9"]);
          expect((await bytesOf(answer.body)).equals(Buffer.concat(parts))).toBe(true);
        },
      ),
      { numRuns: 25 },
    );
  });

  it("tells the length of a small body, and sends a long one in chunks", async () => {
    const port = await serve(async (request, response) => {
      const { "content-length": length, "transfer-encoding": coding } = request.headers;
      const hash = createHash("sha256")
        .update(await received(request))
        .digest("hex");
      response.end(JSON.stringify({ length, coding, hash }));
    });
    const small = await ask(port, { method: "POST", body: streamOf("abc", "def") });
    expect(JSON.parse(await textOf(small.body))).toMatchObject({ length: "6" });
    const long = Array.from({ length: 20 }, (_, index) => Buffer.alloc(100_000, index));
    const big = await ask(port, { method: "POST", body: streamOf(...long) });
    expect(JSON.parse(await textOf(big.body))).toEqual({
      coding: "chunked",
      hash: createHash("sha256").update(Buffer.concat(long)).digest("hex"),
    });
    const none = await ask(port, { method: "PUT" });
    expect(JSON.parse(await textOf(none.body))).toMatchObject({ length: "0" });
  });

  it("gives parts as they come, and does not read ahead", async () => {
    let next: (() => void) | undefined;
    const port = await serve((_, response) => {
      response.write("data: 1\n\n");
      next = () => response.end("data: 2\n\n");
    });
    const { body } = await ask(port);
    const reader = body?.getReader();
    expect(Buffer.from((await reader?.read())?.value ?? []).toString()).toBe("data: 1\n\n");
    next?.();
    expect(Buffer.from((await reader?.read())?.value ?? []).toString()).toBe("data: 2\n\n");
    expect((await reader?.read())?.done).toBe(true);
  });

  it.each(["HEAD", "GET"])("knows the answers without a body to %s", async (method) => {
    const port = await serve((request, response) => {
      response.writeHead(Number(request.url?.slice(1)));
      response.end();
    });
    for (const status of [204, 205, 304]) {
      const answer = await ask(port, { method, target: `/${status}` });
      expect([answer.status, answer.body]).toEqual([status, null]);
    }
  });

  it("takes an answer that comes before the body was read", async () => {
    const port = await serve((request, response) => {
      response.writeHead(413);
      response.end("too large");
      request.destroy();
    });
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(new Uint8Array(65_536)),
    });
    const answer = await ask(port, { method: "POST", body: endless }).catch(
      (error: Error) => error,
    );
    // The reset may overtake the answer; then the failure is told, and nothing waits for ever.
    if (answer instanceof Error) expect(answer.message).not.toBe("");
    else expect(answer.status).toBe(413);
  });

  it("ends the connection when nobody wants the answer any more", async () => {
    const closed = Promise.withResolvers<"closed">();
    const port = await serve((request, response) => {
      response.write("first");
      request.socket.on("close", () => closed.resolve("closed"));
    });
    const { body } = await ask(port);
    const reader = body?.getReader();
    await reader?.read();
    await reader?.cancel();
    expect(await closed.promise).toBe("closed");
  });

  it("ends the connection on abort before the answer", async () => {
    const asked = Promise.withResolvers<IncomingMessage>();
    const port = await serve((request) => asked.resolve(request));
    const abort = new AbortController();
    const answer = ask(port, {}, abort.signal);
    const { socket } = await asked.promise;
    const closed = once(socket, "close");
    abort.abort();
    await expect(answer).rejects.toThrow(/closed|abort|cancel/i);
    await closed;
  });

  it("ends the connection of a server that answers nonsense and stays", async () => {
    const raw = createTcpServer();
    raw.listen(0, "127.0.0.1");
    await once(raw, "listening");
    const closed = Promise.withResolvers<"closed">();
    raw.on("connection", (socket) => {
      socket.on("close", () => closed.resolve("closed")).on("error", () => {});
      socket.resume();
      socket.write("HELLO\r\n\r\n");
    });
    const { port } = raw.address() as AddressInfo;
    await expect(ask(port)).rejects.toThrow("not HTTP/1.1");
    expect(await closed.promise).toBe("closed");
    raw.close();
  });

  it("keeps a line break out of the headers", async () => {
    const port = await serve((request, response) => {
      response.end(JSON.stringify(request.headers["injected"] ?? null));
    });
    const headers: OutgoingRequest["headers"] = [
      ["host", "x"],
      ["a", "b\r\ninjected: yes"],
    ];
    expect(await textOf((await ask(port, { headers })).body)).toBe("null");
  });
});

describe("decodeBody", () => {
  const incoming = (coding: string, body: Uint8Array): IncomingResponse => ({
    status: 200,
    reason: "OK",
    headers: [["Content-Encoding", coding]],
    body: streamOf(body),
  });

  it.each([
    ["gzip", gzipSync("hello")],
    ["deflate", deflateSync("hello")],
    ["identity", Buffer.from("hello")],
    ["deflate, gzip", gzipSync(deflateSync("hello"))],
    ["br", brotliCompressSync("hello")],
  ])("decodes %s", async (coding, body) => {
    expect(await textOf(decodeBody(incoming(coding, body)))).toBe("hello");
  });

  it("refuses what it does not know", () => {
    expect(() => decodeBody(incoming("zstd", Buffer.from("x")))).toThrow(TypeError);
  });
});
