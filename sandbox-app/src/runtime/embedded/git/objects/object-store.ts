import { sha1 } from "@noble/hashes/legacy.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import { unzlibSync, zlibSync } from "fflate";
import { fatal } from "../cli/failure.ts";
import type { Disk } from "../repository/disk.ts";
import { type Bytes, concat, decode, encode } from "./bytes.ts";
import { PackNames } from "./pack-names.ts";

export type ObjectType = "blob" | "tree" | "commit" | "tag";

export interface GitObject {
  readonly type: ObjectType;
  readonly content: Bytes;
}

export const EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";

/** Shortest name of an object that git shows, and takes. */
const SHORT_LENGTH = 7;
const PREFIX_MIN = 4;

/** Objects by name: loose ones are read and written here, packs are read by isomorphic-git. */
export class ObjectStore {
  readonly #disk: Disk;
  readonly #gitdir: string;
  readonly #packNames: PackNames;
  /** Shared by all reads of packs, so that each pack is opened once. */
  readonly #cache = {};

  constructor(disk: Disk, gitdir: string) {
    this.#disk = disk;
    this.#gitdir = gitdir;
    this.#packNames = new PackNames(disk, `${gitdir}/objects/pack`);
  }

  static nameOf(type: ObjectType, content: Bytes): string {
    return bytesToHex(sha1(wrapped(type, content)));
  }

  /** @throws GitFailure when there is none of that name */
  async read(oid: string): Promise<GitObject> {
    if (oid === EMPTY_TREE) return { type: "tree", content: new Uint8Array(0) };
    const loose = this.#disk.read(this.#pathOf(oid));
    if (loose !== undefined) return unwrapped(unzlibSync(loose));
    if (!this.#packNames.has(oid)) throw fatal(`unable to read ${oid}`);
    const { readPacked } = await import("./read-packed.ts");
    return readPacked(this.#disk, this.#gitdir, oid, this.#cache);
  }

  async readAs(oid: string, type: ObjectType): Promise<Bytes> {
    const object = await this.read(oid);
    if (object.type !== type) throw fatal(`${oid} is a ${object.type}, not a ${type}`);
    return object.content;
  }

  has(oid: string): boolean {
    return this.#disk.status(this.#pathOf(oid)) !== undefined || this.#packNames.has(oid);
  }

  write(type: ObjectType, content: Bytes): string {
    const whole = wrapped(type, content);
    const oid = bytesToHex(sha1(whole));
    if (!this.has(oid)) this.#disk.write(this.#pathOf(oid), zlibSync(whole), 0o444);
    return oid;
  }

  /** Keeps a pack whose objects have been checked. */
  writePack(name: string, pack: Bytes, index: Bytes): void {
    const path = `${this.#gitdir}/objects/pack/pack-${name}`;
    this.#disk.write(`${path}.pack`, pack, 0o444);
    // The index comes last: without it nobody looks into the pack.
    this.#disk.write(`${path}.idx`, index, 0o444);
    this.#packNames.forget();
  }

  /** All names that begin so. */
  withPrefix(prefix: string): string[] {
    if (prefix.length < PREFIX_MIN) return [];
    const directory = prefix.slice(0, 2);
    const loose = this.#disk
      .list(`${this.#gitdir}/objects/${directory}`)
      .map(({ name }) => directory + name)
      .filter((name) => name.startsWith(prefix));
    return [...new Set([...loose, ...this.#packNames.withPrefix(prefix)])];
  }

  /** The shortest beginning, of seven characters and more, that names one object. */
  short(oid: string, length = SHORT_LENGTH): string {
    for (let size = Math.max(length, PREFIX_MIN); size < oid.length; size += 1) {
      const prefix = oid.slice(0, size);
      if (this.withPrefix(prefix).every((name) => name === oid)) return prefix;
    }
    return oid;
  }

  #pathOf(oid: string): string {
    return `${this.#gitdir}/objects/${oid.slice(0, 2)}/${oid.slice(2)}`;
  }
}

function wrapped(type: ObjectType, content: Bytes): Bytes {
  return concat([encode(`${type} ${content.length}\0`), content]);
}

function unwrapped(whole: Bytes): GitObject {
  const end = whole.indexOf(0);
  const [type = ""] = decode(whole.subarray(0, end)).split(" ");
  return { type: type as ObjectType, content: whole.slice(end + 1) };
}
