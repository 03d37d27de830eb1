import { bytesToHex, hexToBytes } from "@noble/hashes/utils.js";
import type { Disk } from "../repository/disk.ts";
import type { Bytes } from "./bytes.ts";

/** Header and fan-out table of a pack index of version 2 (gitformat-pack(5)). */
const HEADER_BYTES = 8;
const NAMES_AT = HEADER_BYTES + 256 * 4;
const NAME_BYTES = 20;

/** Which objects the packs hold, from their indexes alone. */
export class PackNames {
  readonly #disk: Disk;
  readonly #directory: string;
  #indexes: Bytes[] | null = null;

  constructor(disk: Disk, directory: string) {
    this.#disk = disk;
    this.#directory = directory;
  }

  /** There are others now. */
  forget(): void {
    this.#indexes = null;
  }

  has(oid: string): boolean {
    return this.withPrefix(oid).length > 0;
  }

  withPrefix(prefix: string): string[] {
    return this.#read().flatMap((index) => namesWithPrefix(index, prefix));
  }

  #read(): Bytes[] {
    this.#indexes ??= this.#disk
      .list(this.#directory)
      .filter(({ name }) => name.endsWith(".idx"))
      .flatMap(({ name }) => this.#disk.read(`${this.#directory}/${name}`) ?? []);
    return this.#indexes;
  }
}

function namesWithPrefix(index: Bytes, prefix: string): string[] {
  const view = new DataView(index.buffer, index.byteOffset, index.byteLength);
  const first = hexToBytes(prefix.slice(0, 2))[0] ?? 0;
  const countBefore = (byte: number): number =>
    byte < 0 ? 0 : view.getUint32(HEADER_BYTES + byte * 4);
  const found: string[] = [];
  for (let at = countBefore(first - 1); at < countBefore(first); at += 1) {
    const start = NAMES_AT + at * NAME_BYTES;
    const name = bytesToHex(index.subarray(start, start + NAME_BYTES));
    if (name.startsWith(prefix)) found.push(name);
  }
  return found;
}
