import { DiscoError } from "#protocol/errors.ts";
import { UPDATES_MAX_BYTES } from "./limits.ts";

/** One reference that a push changes. */
export interface RefUpdate {
  /** Object names; forty zeros stand for none. */
  readonly from: string;
  readonly to: string;
  /** Full name. */
  readonly ref: string;
}

/** Digits of a line's length in front of it (gitprotocol-common(5), "pkt-line Format"). */
const LENGTH_DIGITS = 4;

const UPDATE = /^([0-9a-f]{40}) ([0-9a-f]{40}) (refs\/[^\0-\x20\x7f]+)(?:\0[^\n]*)?\n?$/;
const SHALLOW = /^shallow [0-9a-f]{40}\n?$/;

export interface ReadUpdates {
  readonly updates: readonly RefUpdate[];
  /** The whole body, what was read of it first. */
  readonly body: ReadableStream<Uint8Array>;
}

/**
 * Reads what a push will change, which stands in front of its objects (gitprotocol-pack(5), "Reference
 * Update Request"). Signed pushes wrap the list, and are refused with everything else that is no list.
 *
 * @throws DiscoError `network_refused`
 */
export async function readUpdates(stream: ReadableStream<Uint8Array>): Promise<ReadUpdates> {
  const reader = stream.getReader();
  const updates: RefUpdate[] = [];
  let held = new Uint8Array();
  let at = 0;
  const need = async (end: number): Promise<void> => {
    if (end > UPDATES_MAX_BYTES) throw refused("It changes too many references at once.");
    while (held.length < end) {
      const { done, value } = await reader.read();
      if (done) throw refused("The list of references is cut off.");
      held = joined(held, value);
    }
  };
  try {
    for (;;) {
      await need(at + LENGTH_DIGITS);
      const digits = latin1(held.subarray(at, at + LENGTH_DIGITS));
      if (!/^[0-9a-f]{4}$/i.test(digits)) throw refused("It begins with no list of references.");
      const length = Number.parseInt(digits, 16);
      if (length === 0) break;
      if (length <= LENGTH_DIGITS) throw refused("A line of the list has no text.");
      await need(at + length);
      const line = latin1(held.subarray(at + LENGTH_DIGITS, at + length));
      at += length;
      if (SHALLOW.test(line)) continue;
      const [, from, to, ref] = UPDATE.exec(line) ?? [];
      if (!from || !to || !ref) throw refused("A line of the list changes no reference.");
      updates.push({ from, to, ref });
    }
  } catch (error) {
    void reader.cancel().catch(() => {});
    throw error;
  }
  return { updates, body: withFirst(held, reader) };
}

function withFirst(
  first: Uint8Array,
  reader: ReadableStreamDefaultReader<Uint8Array>,
): ReadableStream<Uint8Array> {
  let isFirst = true;
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        if (isFirst) {
          isFirst = false;
          controller.enqueue(first);
          return;
        }
        const { done, value } = await reader.read();
        if (done) controller.close();
        else controller.enqueue(value);
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  );
}

function refused(why: string): DiscoError {
  return new DiscoError("network_refused", `The push is not passed on. ${why}`);
}

function latin1(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}
