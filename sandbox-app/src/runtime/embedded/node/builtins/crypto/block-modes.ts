import { cbc, ctr, ecb } from "@noble/ciphers/aes.js";
import { concatBytes } from "@noble/ciphers/utils.js";

/** One direction of a cipher that takes its data piece by piece. */
export interface RunningCipher {
  update(bytes: Uint8Array): Uint8Array;
  /** @throws PaddingError */
  final(): Uint8Array;
  /** Whether the last block is filled up (PKCS #7), and checked. */
  padding: boolean;
}

export type Direction = "encrypt" | "decrypt";

/** Data that cannot end here: of a wrong length, or with a wrong padding. */
export class PaddingError extends Error {
  readonly reason: "wrong final block length" | "bad decrypt";
  constructor(reason: PaddingError["reason"]) {
    super(reason);
    this.reason = reason;
  }
}

const BLOCK = 16;
const noPadding = { disablePadding: true } as const;

/** CBC with an initialization vector, ECB without one (NIST SP 800-38A, 6.1 and 6.2). */
export class BlockCipher implements RunningCipher {
  padding = true;
  readonly #key: Uint8Array;
  readonly #direction: Direction;
  #vector: Uint8Array | null;
  #held: Uint8Array = new Uint8Array();

  constructor(key: Uint8Array, vector: Uint8Array | null, direction: Direction) {
    this.#key = key;
    this.#vector = vector;
    this.#direction = direction;
  }

  update(bytes: Uint8Array): Uint8Array {
    const all = concatBytes(this.#held, bytes);
    // The last block of what is decrypted may be padding: it waits for the end.
    const waits = this.#direction === "decrypt" && this.padding && all.length % BLOCK === 0;
    const full = Math.max(0, all.length - (all.length % BLOCK) - (waits ? BLOCK : 0));
    this.#held = all.slice(full);
    return this.#blocks(all.subarray(0, full));
  }

  final(): Uint8Array {
    const rest = this.#held;
    if (this.#direction === "encrypt" && this.padding) {
      const fill = BLOCK - rest.length;
      return this.#blocks(concatBytes(rest, new Uint8Array(fill).fill(fill)));
    }
    if (!this.padding) {
      if (rest.length > 0) throw new PaddingError("wrong final block length");
      return rest;
    }
    if (rest.length !== BLOCK) throw new PaddingError("wrong final block length");
    const last = this.#blocks(rest);
    const fill = last.at(-1) ?? 0;
    const isRight =
      fill > 0 && fill <= BLOCK && last.subarray(BLOCK - fill).every((byte) => byte === fill);
    if (!isRight) throw new PaddingError("bad decrypt");
    return last.subarray(0, BLOCK - fill);
  }

  #blocks(bytes: Uint8Array): Uint8Array {
    if (bytes.length === 0) return new Uint8Array();
    const vector = this.#vector;
    const cipher = vector === null ? ecb(this.#key, noPadding) : cbc(this.#key, vector, noPadding);
    const result = cipher[this.#direction](bytes);
    const chained = this.#direction === "encrypt" ? result : bytes;
    if (vector !== null) this.#vector = chained.slice(-BLOCK);
    return result;
  }
}

/** CTR: what it does to encrypt it does to decrypt (NIST SP 800-38A, 6.5). */
export class CounterCipher implements RunningCipher {
  padding = false;
  readonly #key: Uint8Array;
  readonly #counter: Uint8Array;
  /** Bytes of the last block's key stream that are used up. */
  #used = 0;

  constructor(key: Uint8Array, counter: Uint8Array) {
    this.#key = key;
    this.#counter = counter.slice();
  }

  update(bytes: Uint8Array): Uint8Array {
    if (bytes.length === 0) return new Uint8Array();
    const shifted = concatBytes(new Uint8Array(this.#used), bytes);
    const result = ctr(this.#key, this.#counter).encrypt(shifted).subarray(this.#used);
    this.#advance(Math.floor(shifted.length / BLOCK));
    this.#used = shifted.length % BLOCK;
    return result;
  }

  final(): Uint8Array {
    return new Uint8Array();
  }

  #advance(blocks: number): void {
    let carry = blocks;
    for (let index = BLOCK - 1; index >= 0 && carry > 0; index--) {
      carry += this.#counter[index] ?? 0;
      this.#counter[index] = carry & 0xff;
      carry = Math.floor(carry / 256);
    }
  }
}
