/*
 * The memory that a process and the kernel share for replies to synchronous calls: four control
 * words, then data. The process waits on the first word; the kernel writes a part of the reply, sets
 * the word and wakes it. A reply larger than the data area comes in parts, each asked for.
 */

const STATE = 0;
const KIND = 1;
const TOTAL_BYTES = 2;
const PART_BYTES = 3;
const CONTROL_BYTES = 16;

const WAITING = 0;
const READY = 1;

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

  send(kind: ReplyKind, bytes: Uint8Array): void {
    this.#control[KIND] = kind;
    this.#control[TOTAL_BYTES] = bytes.byteLength;
    this.#rest = bytes;
    this.more();
  }

  more(): void {
    const part = this.#rest.subarray(0, DATA_BYTES);
    this.#rest = this.#rest.subarray(part.byteLength);
    this.#data.set(part);
    this.#control[PART_BYTES] = part.byteLength;
    Atomics.store(this.#control, STATE, READY);
    Atomics.notify(this.#control, STATE);
  }
}

export interface Reply {
  readonly kind: ReplyKind;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

// Guests may replace these; the kernel's client goes on with the browser's own.
const { wait, store } = Atomics;

/** The process's end. */
export class ReplyReader {
  readonly #control: Int32Array;
  readonly #data: Uint8Array;

  constructor(memory: SharedArrayBuffer) {
    this.#control = new Int32Array(memory, 0, CONTROL_BYTES / 4);
    this.#data = new Uint8Array(memory, CONTROL_BYTES);
  }

  /** Before the call is posted. */
  expect(): void {
    store(this.#control, STATE, WAITING);
  }

  /**
   * Blocks until the whole reply is there.
   *
   * @param askForMore called when a part was taken and more is to come
   */
  receive(askForMore: () => void): Reply {
    wait(this.#control, STATE, WAITING);
    const kind = this.#control[KIND] as ReplyKind;
    const total = this.#control[TOTAL_BYTES] ?? 0;
    const bytes = new Uint8Array(total);
    for (let at = this.#takePart(bytes, 0); at < total; at = this.#takePart(bytes, at)) {
      this.expect();
      askForMore();
      wait(this.#control, STATE, WAITING);
    }
    return { kind, bytes };
  }

  #takePart(bytes: Uint8Array, at: number): number {
    const part = this.#control[PART_BYTES] ?? 0;
    bytes.set(this.#data.subarray(0, part), at);
    return at + part;
  }
}
