import { ghash } from "@noble/ciphers/_polyval.js";
import { ecb } from "@noble/ciphers/aes.js";
import { concatBytes } from "@noble/ciphers/utils.js";
import { CounterCipher, type Direction, type RunningCipher } from "./block-modes.ts";

const BLOCK = 16;

/** GCM, of which data comes piece by piece and the tag at the end (NIST SP 800-38D, 7). */
export class GaloisCipher implements RunningCipher {
  padding = false;
  readonly #direction: Direction;
  readonly #hashKey: Uint8Array;
  readonly #tagMask: Uint8Array;
  readonly #counter: CounterCipher;
  readonly #additional: Uint8Array[] = [];
  readonly #encrypted: Uint8Array[] = [];

  constructor(key: Uint8Array, vector: Uint8Array, direction: Direction) {
    this.#direction = direction;
    const block = (bytes: Uint8Array): Uint8Array =>
      ecb(key, { disablePadding: true }).encrypt(bytes);
    this.#hashKey = block(new Uint8Array(BLOCK));
    const first = this.#firstCounter(vector);
    this.#tagMask = block(first);
    const next = first.slice();
    const view = new DataView(next.buffer);
    view.setUint32(12, view.getUint32(12) + 1);
    this.#counter = new CounterCipher(key, next);
  }

  addAdditional(bytes: Uint8Array): void {
    this.#additional.push(bytes.slice());
  }

  update(bytes: Uint8Array): Uint8Array {
    const result = this.#counter.update(bytes);
    this.#encrypted.push(this.#direction === "encrypt" ? result : bytes.slice());
    return result;
  }

  final(): Uint8Array {
    return new Uint8Array();
  }

  /** Of everything so far; 16 bytes. */
  tag(): Uint8Array {
    const additional = concatBytes(...this.#additional);
    const encrypted = concatBytes(...this.#encrypted);
    const sum = this.#hash(additional, encrypted);
    return sum.map((byte, index) => byte ^ (this.#tagMask[index] ?? 0));
  }

  #firstCounter(vector: Uint8Array): Uint8Array {
    if (vector.length === 12) return concatBytes(vector, Uint8Array.of(0, 0, 0, 1));
    return this.#hash(new Uint8Array(), vector);
  }

  #hash(additional: Uint8Array, data: Uint8Array): Uint8Array {
    const lengths = new DataView(new ArrayBuffer(BLOCK));
    lengths.setBigUint64(0, BigInt(additional.length) * 8n);
    lengths.setBigUint64(8, BigInt(data.length) * 8n);
    const parts = [filled(additional), filled(data), new Uint8Array(lengths.buffer)];
    return ghash(concatBytes(...parts), this.#hashKey);
  }
}

/** With zeros up to the next full block. */
function filled(bytes: Uint8Array): Uint8Array {
  return concatBytes(bytes, new Uint8Array((BLOCK - (bytes.length % BLOCK)) % BLOCK));
}
