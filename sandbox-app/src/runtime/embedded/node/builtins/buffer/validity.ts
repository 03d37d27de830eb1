import { invalidArgType } from "../errors/node-error.ts";

function bytesOf(input: unknown): Uint8Array {
  if (input instanceof ArrayBuffer) return new Uint8Array(input);
  if (ArrayBuffer.isView(input)) {
    return new Uint8Array(input.buffer, input.byteOffset, input.byteLength);
  }
  throw invalidArgType("input", "an instance of ArrayBuffer, Buffer, or TypedArray", input);
}

export function isUtf8(input: unknown): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytesOf(input).slice());
    return true;
  } catch (error) {
    if ((error as { code?: unknown }).code === "ERR_INVALID_ARG_TYPE") throw error;
    return false;
  }
}

export function isAscii(input: unknown): boolean {
  return bytesOf(input).every((byte) => byte < 0x80);
}
