import { createHash } from "node:crypto";
import type { RequestListener } from "node:http";
import { deflateSync } from "node:zlib";

/** Objects, packs and answers of a remote that says whatever the test wants. */

type Kind = "commit" | "tree" | "blob" | "tag";
const NUMBERS = { commit: 1, tree: 2, blob: 3, tag: 4 } as const;

export interface RawObject {
  readonly type: Kind;
  readonly content: Buffer;
}

export function oidOf({ type, content }: RawObject): string {
  const hash = createHash("sha1").update(`${type} ${content.length}\0`);
  return hash.update(content).digest("hex");
}

export function blob(text: string): RawObject {
  return { type: "blob", content: Buffer.from(text) };
}

export function tree(...entries: readonly [mode: string, name: string, oid: string][]): RawObject {
  const parts = entries.flatMap(([mode, name, oid]) => [
    Buffer.from(`${mode} ${name}\0`),
    Buffer.from(oid, "hex"),
  ]);
  return { type: "tree", content: Buffer.concat(parts) };
}

const WHO = "Eve <eve@example.com> 1700000000 +0000";

export function commit(treeOid: string, ...parents: string[]): RawObject {
  const lines = [
    `tree ${treeOid}`,
    ...parents.map((parent) => `parent ${parent}`),
    `author ${WHO}`,
    `committer ${WHO}`,
    "",
    "Hostile\n",
  ];
  return { type: "commit", content: Buffer.from(lines.join("\n")) };
}

/** An entry of a pack; a size other than its own is a lie. */
export function entry({ type, content }: RawObject, size = content.length): Buffer {
  return Buffer.concat([header(NUMBERS[type], size), deflateSync(content)]);
}

/** A difference to an object that is named (type 7). */
export function namedDelta(base: string, delta: Buffer): Buffer {
  return Buffer.concat([header(7, delta.length), Buffer.from(base, "hex"), deflateSync(delta)]);
}

function header(number: number, size: number): Buffer {
  const bytes: number[] = [];
  let byte = (number << 4) | (size & 15);
  for (let left = Math.floor(size / 16); left > 0; left = Math.floor(left / 128)) {
    bytes.push(byte | 0x80);
    byte = left & 0x7f;
  }
  return Buffer.from([...bytes, byte]);
}

export function packOf(entries: readonly Buffer[], count = entries.length, version = 2): Buffer {
  const head = Buffer.alloc(12);
  head.write("PACK");
  head.writeUInt32BE(version, 4);
  head.writeUInt32BE(count, 8);
  const body = Buffer.concat([head, ...entries]);
  return Buffer.concat([body, createHash("sha1").update(body).digest()]);
}

export function pkt(content: string | Buffer): Buffer {
  const bytes = Buffer.from(content);
  return Buffer.concat([Buffer.from((bytes.length + 4).toString(16).padStart(4, "0")), bytes]);
}

const FLUSH = Buffer.from("0000");
const CAPABILITIES = "side-band-64k ofs-delta shallow no-progress include-tag";

export function advertised(refs: readonly [name: string, oid: string][]): Buffer {
  const lines = refs.map(([name, oid], at) =>
    pkt(`${oid} ${name}${at === 0 ? `\0${CAPABILITIES} symref=HEAD:refs/heads/main` : ""}\n`),
  );
  return Buffer.concat([pkt("# service=git-upload-pack\n"), FLUSH, ...lines, FLUSH]);
}

/** What a fetch is answered with: bands in their order. */
export function sent(...bands: readonly [band: number, content: string | Buffer][]): Buffer {
  const lines = bands.map(([band, content]) =>
    pkt(Buffer.concat([Buffer.from([band]), Buffer.from(content)])),
  );
  return Buffer.concat([pkt("NAK\n"), ...lines, FLUSH]);
}

/** Says what is there, and answers a fetch. */
export function hostile(
  refs: readonly [name: string, oid: string][],
  answer: Buffer,
): (...args: Parameters<RequestListener>) => boolean {
  return (request, response) => {
    const isRefs = request.method === "GET";
    const type = isRefs ? "advertisement" : "result";
    response.writeHead(200, { "Content-Type": `application/x-git-upload-pack-${type}` });
    response.end(isRefs ? advertised(refs) : answer);
    return true;
  };
}
