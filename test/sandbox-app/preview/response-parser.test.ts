import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BadResponse } from "#sandbox/preview/http/response-head.ts";
import { type ResponseEvent, ResponseParser } from "#sandbox/preview/http/response-parser.ts";

const bytes = (text: string) => Uint8Array.from(Buffer.from(text, "latin1"));

/** Feeds the bytes in pieces of these sizes, then the end. */
function parse(method: string, text: string, sizes: readonly number[] = [text.length || 1]) {
  const parser = new ResponseParser(method);
  const events: ResponseEvent[] = [];
  const all = bytes(text);
  for (let at = 0, index = 0; at < all.length; index++) {
    const size = sizes[index % sizes.length] ?? 1;
    events.push(...parser.push(all.subarray(at, at + size)));
    at += size;
  }
  events.push(...parser.finish());
  const head = events[0]?.type === "head" ? events[0].head : undefined;
  const data = events.flatMap((event) => (event.type === "data" ? [...event.bytes] : []));
  return { head, body: Buffer.from(data).toString("latin1"), ends: events.at(-1)?.type === "end" };
}

describe("the response parser", () => {
  it.each([
    ["a length", "GET", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", "hello"],
    ["no length", "GET", "HTTP/1.1 200 OK\r\n\r\nuntil the end", "until the end"],
    ["HTTP/1.0", "GET", "HTTP/1.0 200 OK\r\n\r\nold", "old"],
    ["no reason", "GET", "HTTP/1.1 200\r\nContent-Length: 1\r\n\r\nx", "x"],
    ["bare line feeds", "GET", "HTTP/1.1 200 OK\nContent-Length: 2\n\nok", "ok"],
    ["an empty line first", "GET", "\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx", "x"],
    [
      "chunks, extensions and trailers",
      "GET",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;a=b\r\nabc\r\nA\r\n0123456789\r\n0\r\nX: y\r\n\r\n",
      "abc0123456789",
    ],
    ["HEAD", "HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", ""],
    ["204", "GET", "HTTP/1.1 204 No Content\r\n\r\n", ""],
    ["304", "GET", "HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n", ""],
    [
      "interim responses",
      "POST",
      "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\ny",
      "y",
    ],
    [
      "chunked beside a length",
      "GET",
      "HTTP/1.1 200 OK\r\nContent-Length: 99\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nz\r\n0\r\n\r\n",
      "z",
    ],
    [
      "bytes after the end",
      "GET",
      "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nxHTTP/1.1 500",
      "x",
    ],
  ])("reads a response with %s, however it is cut", (_, method, text, body) => {
    expect(parse(method, text)).toMatchObject({ body, ends: true });
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }), (sizes) => {
        expect(parse(method, text, sizes)).toMatchObject({ body, ends: true });
      }),
      { numRuns: 30 },
    );
  });

  it("keeps headers as they were sent", () => {
    const { head } = parse("GET", "HTTP/1.1 418 I'm a teapot\r\nX-A:  b c \r\nx-a: \xe9\r\n\r\n");
    expect(head).toEqual({
      status: 418,
      reason: "I'm a teapot",
      headers: [
        ["X-A", "b c"],
        ["x-a", "\u00e9"],
      ],
    });
  });

  it("passes on what follows a 101", () => {
    const answer = parse(
      "GET",
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n\x81\0",
    );
    expect(answer).toMatchObject({ head: { status: 101 }, body: "\x81\0" });
  });

  it.each([
    ["nothing", ""],
    ["half a head", "HTTP/1.1 200 OK\r\nConte"],
    ["half a body", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel"],
    ["chunks without their end", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nz\r\n"],
    ["another protocol", "SSH-2.0-OpenSSH_9.6\r\n\r\n"],
    ["a header that folds", "HTTP/1.1 200 OK\r\nA: b\r\n c\r\n\r\n"],
    ["a space before the colon", "HTTP/1.1 200 OK\r\nContent-Length : 5\r\n\r\nhello"],
    ["two lengths", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello"],
    ["a negative length", "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n"],
    ["a chunk of no size", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n"],
    [
      "a chunk that is longer",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nzz\r\n0\r\n\r\n",
    ],
    ["headers without end", `HTTP/1.1 200 OK\r\n${"A: b\r\n".repeat(30_000)}`],
    [
      "a line without end",
      `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${"1".repeat(5_000)}`,
    ],
  ])("refuses %s", (_, text) => {
    expect(() => parse("GET", text)).toThrow(BadResponse);
  });
});
