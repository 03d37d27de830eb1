import { sha1 } from "@noble/hashes/legacy.js";
import { bytesToHex, hexToBytes } from "@noble/hashes/utils.js";
import { zlibSync } from "fflate";
import { type Bytes, concat, encode } from "../objects/bytes.ts";
import type { GitObject, ObjectStore, ObjectType } from "../objects/object-store.ts";
import { BadPack } from "./bad-pack.ts";
import { crc32 } from "./crc32.ts";
import { applyDelta } from "./delta.ts";
import { entryHeader } from "./entry-header.ts";
import { inflateAt } from "./inflate.ts";
import { OBJECT_MAX_BYTES, OBJECTS_MAX, TOTAL_MAX_BYTES, TURN_MS } from "./limits.ts";
import { type DeltaEntry, NAME_BYTES, readPackHeader, scanPack } from "./scan-pack.ts";

export interface IndexedObject {
  readonly oid: string;
  readonly offset: number;
  readonly crc: number;
}

export interface IndexedPack {
  readonly bytes: Bytes;
  /** What it is named after: the checksum at its end. */
  readonly name: string;
  readonly objects: readonly IndexedObject[];
}

export interface IndexOptions {
  /** Where the bases of a thin pack are. */
  readonly store: Pick<ObjectStore, "has" | "read">;
  /** Is shown every object once, in any order. */
  visit(oid: string, object: GitObject): void;
  /** Hears how many objects of how many are done. */
  progress?(done: number, total: number): void;
}

/**
 * Finds out what a pack holds (git-index-pack(1)): every object is made and named, so that nothing
 * in it is other than it says. A thin pack is completed.
 *
 * @throws BadPack, with nothing written anywhere
 */
export async function indexPack(pack: Bytes, options: IndexOptions): Promise<IndexedPack> {
  const count = readPackHeader(pack);
  if (count > OBJECTS_MAX) throw new BadPack("it has too many objects");
  const said = bytesToHex(pack.subarray(pack.length - NAME_BYTES));
  const found = await checksum(pack.subarray(0, pack.length - NAME_BYTES));
  if (said !== found) throw new BadPack("its checksum is wrong");
  return new PackIndexer(pack, count, options).run(said);
}

async function checksum(bytes: Bytes): Promise<string> {
  return bytesToHex(new Uint8Array(await crypto.subtle.digest("SHA-1", bytes)));
}

interface Made extends GitObject {
  readonly offset: number;
  readonly oid: string;
}

class PackIndexer {
  readonly #pack: Bytes;
  readonly #count: number;
  readonly #options: IndexOptions;
  readonly #objects: IndexedObject[] = [];
  readonly #types = new Map<number, { type: ObjectType; dataAt: number; size: number }>();
  /** Deltas by what they are made of. */
  readonly #waiting = new Map<number | string, DeltaEntry[]>();
  readonly #appended: Bytes[] = [];
  #end: number;
  #total = 0;
  #turnAt = Date.now();

  constructor(pack: Bytes, count: number, options: IndexOptions) {
    this.#pack = pack;
    this.#count = count;
    this.#options = options;
    this.#end = pack.length - NAME_BYTES;
  }

  async run(name: string): Promise<IndexedPack> {
    const wholes: { offset: number; oid: string }[] = [];
    for (const entry of scanPack(this.#pack)) {
      await this.#turn();
      if (entry.type === "delta") {
        const siblings = this.#waiting.get(entry.base);
        if (siblings === undefined) this.#waiting.set(entry.base, [entry]);
        else siblings.push(entry);
        continue;
      }
      const { type, content, offset, dataAt, end, size } = entry;
      const oid = nameOf(type, content);
      this.#add({ oid, type, content }, offset, end);
      this.#types.set(offset, { type, dataAt, size });
      wholes.push({ offset, oid });
    }
    for (const { offset, oid } of wholes) await this.#resolveFrom(offset, oid);
    await this.#completeThin();
    if (this.#waiting.size > 0) throw new BadPack("the base of a delta is missing");
    if (this.#appended.length === 0) return { bytes: this.#pack, name, objects: this.#objects };
    return this.#completed();
  }

  #add(object: GitObject & { readonly oid: string }, offset: number, end: number): void {
    const { oid, type, content } = object;
    this.#objects.push({ oid, offset, crc: crc32(this.#pack, offset, end) });
    this.#options.visit(oid, { type, content });
    this.#options.progress?.(this.#objects.length, this.#count);
  }

  /** Everything that is made of a whole object, and of what is made of it, and so on. */
  async #resolveFrom(offset: number, oid: string): Promise<void> {
    if (!this.#waiting.has(offset) && !this.#waiting.has(oid)) return;
    const place = this.#types.get(offset);
    if (place === undefined) return;
    const { content } = inflateAt(this.#pack, place.dataAt, place.size);
    await this.#resolve({ offset, oid, type: place.type, content });
  }

  async #resolve(start: Made): Promise<void> {
    const left: { readonly entry: DeltaEntry; readonly base: Made }[] = [];
    const takeChildren = (base: Made): void => {
      for (const key of [base.offset, base.oid]) {
        for (const entry of this.#waiting.get(key) ?? []) left.push({ entry, base });
        this.#waiting.delete(key);
      }
    };
    takeChildren(start);
    for (let next = left.pop(); next !== undefined; next = left.pop()) {
      await this.#turn();
      const { entry, base } = next;
      const content = applyDelta(base.content, entry.content, OBJECT_MAX_BYTES);
      this.#total += content.length;
      if (this.#total > TOTAL_MAX_BYTES) throw new BadPack("it is too large");
      const oid = nameOf(base.type, content);
      this.#add({ oid, type: base.type, content }, entry.offset, entry.end);
      takeChildren({ offset: entry.offset, oid, type: base.type, content });
    }
  }

  /** The sender left out bases that are here already; a pack on the disk has to have them. */
  async #completeThin(): Promise<void> {
    const { store } = this.#options;
    const names = [...this.#waiting.keys()].filter((key) => typeof key === "string").toSorted();
    for (const oid of names) {
      if (!this.#waiting.has(oid) || !store.has(oid)) continue;
      const { type, content } = await store.read(oid);
      const raw = concat([entryHeader(type, content.length), zlibSync(content)]);
      const offset = this.#end;
      this.#appended.push(raw);
      this.#end += raw.length;
      this.#objects.push({ oid, offset, crc: crc32(raw, 0, raw.length) });
      await this.#resolve({ offset, oid, type, content });
    }
  }

  async #completed(): Promise<IndexedPack> {
    const body = concat([
      this.#pack.subarray(0, this.#pack.length - NAME_BYTES),
      ...this.#appended,
    ]);
    new DataView(body.buffer).setUint32(8, this.#count + this.#appended.length);
    const name = await checksum(body);
    return { bytes: concat([body, hexToBytes(name)]), name, objects: this.#objects };
  }

  /** Output and the end of the process get their turn. */
  async #turn(): Promise<void> {
    if (Date.now() - this.#turnAt < TURN_MS) return;
    await new Promise((resolve) => setTimeout(resolve, 0));
    this.#turnAt = Date.now();
  }
}

function nameOf(type: ObjectType, content: Bytes): string {
  const hash = sha1.create().update(encode(`${type} ${content.length}\0`));
  return bytesToHex(hash.update(content).digest());
}
