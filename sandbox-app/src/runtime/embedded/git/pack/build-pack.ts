import { sha1 } from "@noble/hashes/legacy.js";
import { zlibSync } from "fflate";
import { type Bytes, concat } from "../objects/bytes.ts";
import type { ObjectStore } from "../objects/object-store.ts";
import { entryHeader } from "./entry-header.ts";
import { HEADER_BYTES } from "./scan-pack.ts";
import { TURN_MS } from "./limits.ts";

const SIGNATURE = 0x5041434b;
const VERSION = 2;

/** More of them than may be sent. */
export class PackTooLarge extends Error {
  override readonly name = "PackTooLarge";
}

export interface BuildOptions {
  readonly store: Pick<ObjectStore, "read">;
  readonly maxBytes: number;
  progress?(done: number, total: number): void;
}

/**
 * A pack of these objects, each of them whole (gitformat-pack(5)).
 *
 * @throws PackTooLarge
 */
export async function buildPack(oids: readonly string[], options: BuildOptions): Promise<Bytes> {
  const header = new DataView(new ArrayBuffer(HEADER_BYTES));
  header.setUint32(0, SIGNATURE);
  header.setUint32(4, VERSION);
  header.setUint32(8, oids.length);
  const parts: Uint8Array[] = [new Uint8Array(header.buffer)];
  let [size, done, turnAt] = [HEADER_BYTES, 0, Date.now()];
  for (const oid of oids) {
    const { type, content } = await options.store.read(oid);
    const entry = [entryHeader(type, content.length), zlibSync(content)];
    parts.push(...entry);
    size += entry.reduce((sum, { length }) => sum + length, 0);
    if (size > options.maxBytes) throw new PackTooLarge();
    done += 1;
    options.progress?.(done, oids.length);
    if (Date.now() - turnAt < TURN_MS) continue;
    await new Promise((resolve) => setTimeout(resolve, 0));
    turnAt = Date.now();
  }
  const body = concat(parts);
  return concat([body, sha1(body)]);
}
