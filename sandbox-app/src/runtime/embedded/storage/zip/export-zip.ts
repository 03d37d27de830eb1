import { Zip, ZipDeflate, ZipPassThrough } from "fflate";
import { contentOf } from "../../kernel/file-content.ts";
import type { FileSystem } from "../../kernel/file-system.ts";
import type { DirectoryNode, Inode } from "../../kernel/inode.ts";
import { WORKSPACE } from "../../kernel/layout.ts";
import type { ExportOptions } from "../port/messages.ts";
import { timestampExtra, TIMESTAMP_FIELD, typeBits } from "./unix.ts";

/** "Made by" Unix: the upper half of the external attributes is a POSIX mode (APPNOTE.TXT, 4.4.2). */
const UNIX = 3;

/** Bytes of a chunk that leaves the kernel: few messages, little memory. */
const CHUNK_BYTES = 1024 * 1024;

/** Input deflated in one go; between two, the kernel answers its processes. About 5 ms of work. */
const SLICE_BYTES = 256 * 1024;

/** What a zip's own times can say (APPNOTE.TXT, 4.4.6); a file may be older. */
const EARLIEST_MS = Date.UTC(1980, 0, 2);
const LATEST_MS = Date.UTC(2099, 11, 30);

/**
 * Writes the workspace as a zip, a chunk at a time. Each file is as it is when its turn comes.
 *
 * @param write takes a chunk; the next one comes when it resolves
 */
export async function exportZip(
  files: FileSystem,
  { withModules, withGit }: ExportOptions,
  write: (bytes: Uint8Array<ArrayBuffer>) => Promise<void>,
): Promise<void> {
  const root = files.find(WORKSPACE);
  if (root.type !== "directory") throw new TypeError(`${WORKSPACE} is no directory`);
  const isLeftOut = (name: string) =>
    (name === "node_modules" && !withModules) || (name === ".git" && !withGit);
  const out = new Chunks();
  const zip = new Zip((error, bytes) => {
    if (error !== null) throw error;
    out.add(bytes);
  });
  const drain = async (): Promise<void> => {
    if (out.size >= CHUNK_BYTES) await write(out.take());
    else await new Promise((resolve) => setTimeout(resolve, 0));
  };
  for (const [path, node] of walk(root, isLeftOut)) {
    await addEntry(zip, path, node, drain);
    if (out.size >= CHUNK_BYTES) await drain();
  }
  zip.end();
  if (out.size > 0) await write(out.take());
}

/** Directories before what is in them. */
function* walk(
  directory: DirectoryNode,
  isLeftOut: (name: string) => boolean,
  prefix = "",
): Generator<[string, Inode]> {
  for (const [name, node] of directory.entries) {
    if (isLeftOut(name)) continue;
    const path = `${prefix}${name}`;
    yield [node.type === "directory" ? `${path}/` : path, node];
    if (node.type === "directory") yield* walk(node, isLeftOut, `${path}/`);
  }
}

async function addEntry(
  zip: Zip,
  path: string,
  node: Inode,
  pause: () => Promise<void>,
): Promise<void> {
  if (node.type === "device") return;
  const content = contentToZip(node);
  const isEmpty = content.byteLength === 0;
  const entry = isEmpty ? new ZipPassThrough(path) : new ZipDeflate(path, { level: 6 });
  entry.os = UNIX;
  entry.attrs = attributesOf(node);
  entry.mtime = Math.min(Math.max(node.mtimeMs, EARLIEST_MS), LATEST_MS);
  entry.extra = { [TIMESTAMP_FIELD]: timestampExtra(node.mtimeMs) };
  zip.add(entry);
  let at = 0;
  for (; content.byteLength - at > SLICE_BYTES; at += SLICE_BYTES) {
    entry.push(content.subarray(at, at + SLICE_BYTES));
    await pause();
  }
  entry.push(content.subarray(at), true);
}

function contentToZip(node: Exclude<Inode, { type: "device" }>): Uint8Array<ArrayBuffer> {
  switch (node.type) {
    case "file":
      return contentOf(node);
    case "symlink":
      return new TextEncoder().encode(node.target);
    case "directory":
      return new Uint8Array();
  }
}

function attributesOf({ type, mode }: Exclude<Inode, { type: "device" }>): number {
  // The lower byte is MS-DOS's: 16 says directory to programs that know no modes.
  return ((typeBits[type] | mode) * 0x10000 + (type === "directory" ? 0x10 : 0)) >>> 0;
}

class Chunks {
  #parts: Uint8Array[] = [];
  size = 0;

  add(bytes: Uint8Array): void {
    this.#parts.push(bytes);
    this.size += bytes.byteLength;
  }

  take(): Uint8Array<ArrayBuffer> {
    const all = new Uint8Array(this.size);
    let at = 0;
    for (const part of this.#parts) {
      all.set(part, at);
      at += part.byteLength;
    }
    this.#parts = [];
    this.size = 0;
    return all;
  }
}
