import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  BadRequest,
  type OutgoingRequest,
  RequestReader,
} from "#sandbox/runtime/embedded/network/request-reader.ts";

/** The text as a program's bytes, in pieces of these sizes, over and over. */
function reading(text: string, sizes: readonly number[] = [text.length]) {
  const bytes = Uint8Array.from(text, (character) => character.charCodeAt(0));
  let at = 0;
  let turn = 0;
  const told: string[] = [];
  const reader = new RequestReader(
    async () => {
      const part = bytes.slice(at, at + (sizes[turn++ % sizes.length] ?? 1));
      at += part.length;
      return part;
    },
    async () => void told.push("continue"),
  );
  return { reader, told };
}

const bodyOf = (request: OutgoingRequest | null): string =>
  new TextDecoder("latin1").decode(request?.body);

const TWO =
  "POST /a?b HTTP/1.1\r\nHost: x\r\nX-Y:  z \r\nTransfer-Encoding: chunked\r\n\r\n" +
  "3;ext=1\r\nabc\r\n0a\r\n0123456789\r\n0\r\nTrailer: t\r\n\r\n" +
  "PUT /c HTTP/1.1\r\nContent-Length: 4\r\nConnection: close\r\n\r\nwxyz";

describe("requests on a connection", () => {
  it("are read one after the other, however their bytes are cut", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 6 }),
        async (sizes) => {
          const { reader } = reading(TWO, sizes);
          const first = await reader.next();
          expect(first).toMatchObject({ method: "POST", path: "/a?b", keepsAlive: true });
          expect(first?.headers.slice(0, 2)).toEqual([
            ["Host", "x"],
            ["X-Y", "z"],
          ]);
          expect(bodyOf(first)).toBe("abc0123456789");
          const second = await reader.next();
          expect(second).toMatchObject({ method: "PUT", path: "/c", keepsAlive: false });
          expect(bodyOf(second)).toBe("wxyz");
          expect(await reader.next()).toBeNull();
        },
      ),
    );
  });

  // Looking at all that has come for each of them would keep the kernel's thread for half a minute.
  it("may come in very many very small chunks", async () => {
    const chunks = "1\r\na\r\n".repeat(200_000);
    const { reader } = reading(
      `POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n${chunks}0\r\n\r\n`,
    );
    expect(bodyOf(await reader.next())).toBe("a".repeat(200_000));
  });

  it("tell who waits for it to send the body", async () => {
    const { reader, told } = reading(
      "POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\nx",
    );
    expect(bodyOf(await reader.next())).toBe("x");
    expect(told).toEqual(["continue"]);
  });

  it("of HTTP/1.0 end the connection unless they say otherwise", async () => {
    expect(await reading("GET / HTTP/1.0\r\n\r\n").reader.next()).toMatchObject({
      keepsAlive: false,
      isModern: false,
    });
    const kept = reading("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    expect(await kept.reader.next()).toMatchObject({ keepsAlive: true });
  });

  it.each([
    ["something else", "SSH-2.0-OpenSSH\r\n\r\n"],
    ["a request for a proxy", "GET http://other.example/ HTTP/1.1\r\n\r\n"],
    ["a tunnel", "CONNECT other.example:443 HTTP/1.1\r\n\r\n"],
    ["another version", "GET / HTTP/2\r\n\r\n"],
    ["a header without a name", "GET / HTTP/1.1\r\n: x\r\n\r\n"],
    ["a folded header", "GET / HTTP/1.1\r\nA: b\r\n c\r\n\r\n"],
    ["a head that is cut off", "GET / HTTP/1.1\r\nA: b"],
    ["a head without end", `GET / HTTP/1.1\r\nA: ${"b".repeat(70_000)}`],
    ["two lengths", "POST / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\nx"],
    ["a length that is none", "POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n"],
    ["a body that is cut off", "POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\nx"],
    ["a body without bound", "POST / HTTP/1.1\r\nContent-Length: 99999999999\r\n\r\n"],
    ["a chunk without size", "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"],
    ["a chunk without bound", "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nffffffff\r\n"],
    ["another coding", "POST / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n"],
  ])("are refused when they are %s", async (_what, text) => {
    await expect(reading(text).reader.next()).rejects.toThrow(BadRequest);
  });
});
