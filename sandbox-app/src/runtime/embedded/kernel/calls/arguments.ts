import { callError } from "../file-errors.ts";

/*
 * Arguments come from guests. What could only hurt the guest itself is not looked at; what could
 * spoil the kernel's own books is.
 */

/** A copy when the guest could still change the bytes. */
export function bytesOf(value: unknown, call: string): Uint8Array {
  if (!(value instanceof Uint8Array)) throw callError("EINVAL", call);
  const isShared =
    typeof SharedArrayBuffer !== "undefined" && value.buffer instanceof SharedArrayBuffer;
  return isShared ? Uint8Array.from(value) : value;
}

/** A size or position in bytes. */
export function sizeOf(value: unknown, call: string): number {
  if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 0) {
    throw callError("EINVAL", call);
  }
  return value;
}

export function positionOf(value: unknown, call: string): number | null {
  return value === null || value === undefined ? null : sizeOf(value, call);
}

export function textOf(value: unknown, call: string): string {
  if (typeof value !== "string") throw callError("EINVAL", call);
  return value;
}

/** Milliseconds since the epoch. */
export function timeOf(value: unknown, call: string): number {
  if (typeof value !== "number" || !Number.isFinite(value)) throw callError("EINVAL", call);
  return value;
}

/** Mode bits, or nothing. */
export function modeOf(value: unknown, call: string): number | undefined {
  return value === undefined ? undefined : sizeOf(value, call);
}
