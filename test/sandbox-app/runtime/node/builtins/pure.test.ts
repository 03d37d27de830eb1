import { createHash, hkdfSync } from "node:crypto";
import nodePath from "node:path";
import nodeQuerystring from "node:querystring";
import { StringDecoder as NodeDecoder } from "node:string_decoder";
import { crc32 as nodeCrc32 } from "node:zlib";
import { isDeepStrictEqual as nodeDeepEqual } from "node:util";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hashFunction } from "#sandbox/runtime/embedded/node/builtins/crypto/hash-functions.ts";
import { createPosixPath } from "#sandbox/runtime/embedded/node/builtins/path/posix.ts";
import { decode, encode } from "#sandbox/runtime/embedded/node/builtins/text/punycode.ts";
import { querystring } from "#sandbox/runtime/embedded/node/builtins/text/querystring.ts";
import { StringDecoder } from "#sandbox/runtime/embedded/node/builtins/text/string-decoder.ts";
import { isDeepStrictEqual } from "#sandbox/runtime/embedded/node/builtins/util/deep-equal.ts";
import { crc32 } from "#sandbox/runtime/embedded/node/builtins/zlib/codecs.ts";

const path = createPosixPath(() => process.cwd()) as unknown as typeof nodePath.posix;
const paths = fc
  .array(fc.constantFrom("a", "b.c", ".", "..", "/", "//", ".x", "y."), { maxLength: 7 })
  .map((parts) => parts.join(""));

describe("node:path as real Node has it", () => {
  it.each([
    "normalize",
    "dirname",
    "basename",
    "extname",
    "isAbsolute",
    "parse",
    "resolve",
  ] as const)("%s", (name) => {
    fc.assert(
      fc.property(paths, (text) => {
        expect(path[name](text)).toEqual(nodePath.posix[name](text));
      }),
    );
  });
  it.each(["join", "relative", "resolve"] as const)("%s of two", (name) => {
    fc.assert(
      fc.property(paths, paths, (first, second) => {
        expect(path[name](first, second)).toBe(nodePath.posix[name](first, second));
      }),
    );
  });
});

describe("bytes and text as real Node has them", () => {
  it("decodes UTF-8 and UTF-16 in any pieces", () => {
    fc.assert(
      fc.property(
        fc.constantFrom("utf8", "utf16le", "base64", "hex"),
        fc.array(fc.uint8Array({ maxLength: 5 })),
        (encoding, pieces) => {
          const ours = new StringDecoder(encoding);
          const theirs = new NodeDecoder(encoding);
          const read = (decoder: { write(bytes: Buffer): string; end(): string }) =>
            pieces.map((bytes) => decoder.write(Buffer.from(bytes))).join("") + decoder.end();
          expect(read(ours as never)).toBe(read(theirs));
        },
      ),
    );
  });
  it("hashes", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(
          "md5",
          "sha1",
          "sha256",
          "sha512",
          "sha3-256",
          "ripemd160",
          "blake2b512",
          "blake2s256",
        ),
        fc.uint8Array(),
        (name, bytes) => {
          const ours = Buffer.from(hashFunction(name)?.(bytes) ?? []).toString("hex");
          expect(ours).toBe(createHash(name).update(bytes).digest("hex"));
        },
      ),
    );
    expect(hkdfSync("sha256", "k", "s", "i", 4).byteLength).toBe(4);
  });
  it("counts CRC-32", () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(crc32(bytes)).toBe(nodeCrc32(bytes));
      }),
    );
  });
  it("parses query strings", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect({ ...querystring.parse(text) }).toEqual({ ...nodeQuerystring.parse(text) });
      }),
    );
  });
  it("brings punycode back", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", minLength: 1, maxLength: 20 }), (text) => {
        expect(decode(encode(text))).toBe(text);
      }),
    );
  });
  it("compares deeply", () => {
    const values = fc.anything({
      withMap: true,
      withSet: true,
      withDate: true,
      withTypedArray: true,
    });
    fc.assert(
      fc.property(values, values, (a, b) => {
        expect(isDeepStrictEqual(a, b)).toBe(nodeDeepEqual(a, b));
      }),
    );
  });
});
