import * as z from "zod";
import { type Change, layers, type SavedNode } from "./node.ts";

/**
 * Changes as bytes: `DSC1`, the length of the head (32 bits, little endian), the head as JSON, then
 * the content of the files in the order of the head. Journal records and base snapshots share it.
 */
const MAGIC = 0x31435344;
const PREFIX_BYTES = 8;

const Row = z.tuple([
  z.enum(["file", "directory", "symlink", "gone"]),
  z.enum(layers),
  z.int().nonnegative(),
  z.int(),
  z.number(),
  z.number(),
  z.union([z.int().nonnegative(), z.string(), z.array(z.tuple([z.string(), z.int()])), z.null()]),
]);
type Row = z.infer<typeof Row>;
const Head = z.array(Row);

/** The bytes are no pack: cut short, or written by something else. */
export class PackError extends Error {
  override readonly name = "PackError";
}

export function pack(changes: readonly Change[]): Uint8Array<ArrayBuffer> {
  const head = new TextEncoder().encode(JSON.stringify(changes.map(rowOf)));
  let length = PREFIX_BYTES + head.byteLength;
  const start = length;
  for (const { node } of changes) if (node?.type === "file") length += node.content.byteLength;
  const bytes = new Uint8Array(length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, MAGIC, true);
  view.setUint32(4, head.byteLength, true);
  bytes.set(head, PREFIX_BYTES);
  let at = start;
  for (const { node } of changes) {
    if (node?.type !== "file") continue;
    bytes.set(node.content, at);
    at += node.content.byteLength;
  }
  return bytes;
}

/** @throws PackError */
export function unpack(bytes: Uint8Array<ArrayBuffer>): Change[] {
  if (bytes.byteLength < PREFIX_BYTES) throw new PackError("The pack is cut short.");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(0, true) !== MAGIC) throw new PackError("These bytes are no pack.");
  const body = PREFIX_BYTES + view.getUint32(4, true);
  if (body > bytes.byteLength) throw new PackError("The head of the pack is cut short.");
  const rows = parseHead(new TextDecoder().decode(bytes.subarray(PREFIX_BYTES, body)));
  let at = body;
  const changes = rows.map((row): Change => {
    const [type, layer, ino, , , , payload] = row;
    if (type === "gone") return { layer, ino, node: null };
    const size = type === "file" && typeof payload === "number" ? payload : 0;
    if (at + size > bytes.byteLength) throw new PackError("The content of the pack is cut short.");
    // A copy: the file owns its bytes, and the pack's memory is given back.
    const content = bytes.slice(at, at + size);
    at += size;
    return { layer, ino, node: nodeOf(row, content) };
  });
  if (at !== bytes.byteLength) throw new PackError("The pack is longer than its head says.");
  return changes;
}

function rowOf({ layer, ino, node }: Change): Row {
  if (node === null) return ["gone", layer, ino, 0, 0, 0, null];
  const { type, mode, mtimeMs, birthtimeMs } = node;
  return [type, layer, ino, mode, mtimeMs, birthtimeMs, payloadOf(node)];
}

function payloadOf(node: SavedNode): Row[6] {
  switch (node.type) {
    case "file":
      return node.content.byteLength;
    case "directory":
      return node.entries.map(([name, ino]): [string, number] => [name, ino]);
    case "symlink":
      return node.target;
  }
}

function parseHead(text: string): Row[] {
  try {
    return Head.parse(JSON.parse(text));
  } catch (error) {
    throw new PackError("The head of the pack cannot be read.", { cause: error });
  }
}

function nodeOf(
  [type, , ino, mode, mtimeMs, birthtimeMs, payload]: Row,
  content: Uint8Array<ArrayBuffer>,
): SavedNode {
  const common = { ino, mode, mtimeMs, birthtimeMs };
  if (type === "file" && typeof payload === "number") return { ...common, type, content };
  if (type === "symlink" && typeof payload === "string") {
    return { ...common, type, target: payload };
  }
  if (type === "directory" && Array.isArray(payload)) {
    return { ...common, type, entries: payload };
  }
  throw new PackError(`A ${type} of the pack has no such content.`);
}
