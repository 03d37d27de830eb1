/*
 * The memory that a process and the kernel share for replies to synchronous calls: four control
 * words, then data. What the process asks for has a number: a call, and each further part of a reply
 * larger than the data area. The kernel writes the part, puts the number into the first word and
 * wakes the process.
 *
 * Nothing but that number says that the part is there. To be woken does not: the kernel's thread may
 * be held up between its two steps, so that a process that has gone on already, and waits for its
 * next reply, is woken for the one before. Nor does a change of the word: a process that was thrown
 * out of a call (its stack was full) leaves a reply behind that comes while it waits for another.
 */

/** Number of the part that is in the memory. */
const NUMBER = 0;
const KIND = 1;
const TOTAL_BYTES = 2;
const PART_BYTES = 3;
const CONTROL_BYTES = 16;

/** Room for one part: most files fit, and 64 processes take 8 MiB. */
const DATA_BYTES = 131_072;

export const ReplyKind = { nothing: 0, json: 1, bytes: 2, failure: 3 } as const;
export type ReplyKind = (typeof ReplyKind)[keyof typeof ReplyKind];

export function newReplyMemory(): SharedArrayBuffer {
  return new SharedArrayBuffer(CONTROL_BYTES + DATA_BYTES);
}

/** The kernel's end. It never reads what the process could have written. */
export class ReplyWriter {
  readonly #control: Int32Array;
  readonly #data: Uint8Array;
  #rest: Uint8Array = new Uint8Array();

  constructor(memory: SharedArrayBuffer) {
    this.#control = new Int32Array(memory, 0, CONTROL_BYTES / 4);
    this.#data = new Uint8Array(memory, CONTROL_BYTES);
  }

  /** @param number as the process has given it with the call */
  send(number: number, kind: ReplyKind, bytes: Uint8Array): void {
    this.#control[KIND] = kind;
    this.#control[TOTAL_BYTES] = bytes.byteLength;
    this.#rest = bytes;
    this.more(number);
  }

  /** @param number as the process has given it when it asked for more */
  more(number: number): void {
    const part = this.#rest.subarray(0, DATA_BYTES);
    this.#rest = this.#rest.subarray(part.byteLength);
    this.#data.set(part);
    this.#control[PART_BYTES] = part.byteLength;
    Atomics.store(this.#control, NUMBER, number);
    Atomics.notify(this.#control, NUMBER);
  }
}

export interface Reply {
  readonly kind: ReplyKind;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

// Guests may replace these; the kernel's client goes on with the browser's own.
const { load, wait } = Atomics;

/** The process's end. */
export class ReplyReader {
  readonly #control: Int32Array;
  readonly #data: Uint8Array;
  #lastNumber = 0;

  constructor(memory: SharedArrayBuffer) {
    this.#control = new Int32Array(memory, 0, CONTROL_BYTES / 4);
    this.#data = new Uint8Array(memory, CONTROL_BYTES);
  }

  /** The number that the next call is to be posted with. */
  next(): number {
    this.#lastNumber = (this.#lastNumber + 1) | 0;
    return this.#lastNumber;
  }

  /**
   * Blocks until the whole reply is there.
   *
   * @param number of the call
   * @param askForMore called with a number when a part was taken and more is to come
   */
  receive(number: number, askForMore: (number: number) => void): Reply {
    this.#waitFor(number);
    const kind = this.#control[KIND] as ReplyKind;
    const total = this.#control[TOTAL_BYTES] ?? 0;
    const bytes = new Uint8Array(total);
    for (let at = this.#takePart(bytes, 0); at < total; at = this.#takePart(bytes, at)) {
      const further = this.next();
      askForMore(further);
      this.#waitFor(further);
    }
    return { kind, bytes };
  }

  #waitFor(number: number): void {
    for (;;) {
      const seen = load(this.#control, NUMBER);
      if (seen === number) return;
      wait(this.#control, NUMBER, seen);
    }
  }

  #takePart(bytes: Uint8Array, at: number): number {
    const part = this.#control[PART_BYTES] ?? 0;
    bytes.set(this.#data.subarray(0, part), at);
    return at + part;
  }
}
