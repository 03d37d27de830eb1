import { Buffer } from "buffer/index.js";
import { invalidArgType, invalidArgValue, nodeError, outOfRange } from "../errors/node-error.ts";
import { checkFd } from "./flags.ts";
import { call, type Operation } from "./run.ts";

/* `read`, `write` and their vector forms on a descriptor. */

type Position = number | bigint | null | undefined;

function bytesOf(view: unknown, name: string): Uint8Array {
  if (!ArrayBuffer.isView(view)) {
    throw invalidArgType(name, "an instance of Buffer, TypedArray, or DataView", view);
  }
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
}

/** -1, null and undefined mean "where the descriptor stands". */
function positionOf(position: Position): number | null {
  if (position === undefined || position === null) return null;
  if (typeof position !== "number" && typeof position !== "bigint") {
    throw invalidArgType("position", "of type bigint or integer", position);
  }
  return Number(position) < 0 ? null : Number(position);
}

interface Range {
  readonly offset?: number;
  readonly length?: number;
  readonly position?: Position;
}

function rangeOf(
  args: readonly unknown[],
  size: number,
): { offset: number; length: number; position: number | null } {
  const [first, length, position] = args;
  const range: Range =
    typeof first === "object" && first !== null
      ? first
      : { offset: first as number, length: length as number, position: position as Position };
  const offset = range.offset ?? 0;
  if (typeof offset !== "number") throw invalidArgType("offset", "of type number", offset);
  if (!Number.isInteger(offset)) throw outOfRange("offset", "an integer", offset);
  if (offset < 0 || offset > size) throw outOfRange("offset", `>= 0 && <= ${size}`, offset);
  const count = range.length ?? size - offset;
  if (typeof count !== "number") throw invalidArgType("length", "of type number", count);
  if (count < 0) throw outOfRange("length", ">= 0", count);
  if (count > size - offset) throw outOfRange("length", `<= ${size - offset}`, count);
  return { offset, length: count, position: positionOf(range.position) };
}

export interface ReadResult {
  readonly bytesRead: number;
  readonly buffer: unknown;
}

const DEFAULT_READ_BYTES = 16_384;

/** `read(fd, buffer, offset, length, position)`, `read(fd, buffer, options)`, `read(fd, options)`. */
export function* read(fdValue: unknown, ...rest: unknown[]): Operation<ReadResult> {
  const fd = checkFd(fdValue);
  let [buffer, ...args] = rest;
  if (!ArrayBuffer.isView(buffer)) {
    const options = (buffer ?? {}) as Range & { buffer?: unknown };
    if (typeof options !== "object") {
      throw invalidArgType("buffer", "an instance of Buffer, TypedArray, or DataView", buffer);
    }
    buffer = options.buffer ?? Buffer.alloc(DEFAULT_READ_BYTES);
    args = [options];
  }
  const target = bytesOf(buffer, "buffer");
  const { offset, length, position } = rangeOf(args, target.byteLength);
  if (length === 0) return { bytesRead: 0, buffer };
  if (target.byteLength === 0) {
    throw invalidArgValue("buffer", "Buffer(0) []", "is empty and cannot be written");
  }
  const bytes = yield* call("read", [fd, length, position]);
  target.set(bytes, offset);
  return { bytesRead: bytes.byteLength, buffer };
}

export interface WriteResult {
  readonly bytesWritten: number;
  readonly buffer: unknown;
}

/** `write(fd, buffer, offset, length, position)`, `write(fd, buffer, options)`, `write(fd, string, position, encoding)`. */
export function* write(
  fdValue: unknown,
  data: unknown,
  ...args: unknown[]
): Operation<WriteResult> {
  const fd = checkFd(fdValue);
  if (typeof data === "string") {
    const [position, encoding] = args;
    const bytes = Buffer.from(data, (encoding as string | undefined) ?? "utf8");
    const written = yield* call("write", [fd, bytes, positionOf(position as Position)]);
    return { bytesWritten: written, buffer: data };
  }
  if (!ArrayBuffer.isView(data)) {
    throw invalidArgType(
      "buffer",
      "of type string or an instance of Buffer, TypedArray, or DataView",
      data,
    );
  }
  const bytes = bytesOf(data, "buffer");
  const { offset, length, position } = rangeOf(args, bytes.byteLength);
  if (length === 0) return { bytesWritten: 0, buffer: data };
  const written = yield* call("write", [fd, bytes.slice(offset, offset + length), position]);
  return { bytesWritten: written, buffer: data };
}

function checkVector(buffers: unknown): readonly ArrayBufferView[] {
  if (!Array.isArray(buffers) || !buffers.every((each) => ArrayBuffer.isView(each))) {
    throw invalidArgType("buffers", "an instance of ArrayBufferView[]", buffers);
  }
  return buffers;
}

export function* readv(
  fd: unknown,
  buffers: unknown,
  position?: Position,
): Operation<{ bytesRead: number; buffers: unknown }> {
  const views = checkVector(buffers);
  let at = positionOf(position);
  let bytesRead = 0;
  for (const view of views) {
    if (view.byteLength === 0) continue;
    const part = yield* read(fd, view, 0, view.byteLength, at);
    bytesRead += part.bytesRead;
    if (at !== null) at += part.bytesRead;
    if (part.bytesRead < view.byteLength) break;
  }
  return { bytesRead, buffers };
}

export function* writev(
  fd: unknown,
  buffers: unknown,
  position?: Position,
): Operation<{ bytesWritten: number; buffers: unknown }> {
  const all = Buffer.concat(checkVector(buffers).map((view) => bytesOf(view, "buffers")));
  if (all.length === 0) return { bytesWritten: 0, buffers };
  const { bytesWritten } = yield* write(fd, all, 0, all.length, position);
  return { bytesWritten, buffers };
}

/** Everything that is left to read. */
export function* readRest(fd: number): Operation<Uint8Array> {
  const parts: Uint8Array[] = [];
  for (;;) {
    const part = yield* call("read", [fd, 65_536, null]);
    if (part.byteLength === 0) return Buffer.concat(parts);
    parts.push(part.slice());
  }
}

export function toBytes(data: unknown, encoding: unknown, name = "data"): Uint8Array {
  if (typeof data === "string")
    return Buffer.from(data, (encoding as string | undefined) ?? "utf8");
  if (ArrayBuffer.isView(data)) return bytesOf(data, name);
  throw invalidArgType(
    name,
    "of type string or an instance of Buffer, TypedArray, or DataView",
    data,
  );
}

export function checkEncoding(encoding: unknown): string | null {
  if (encoding === undefined || encoding === null || encoding === "buffer") return null;
  if (typeof encoding === "string" && Buffer.isEncoding(encoding)) return encoding;
  throw nodeError(
    "ERR_INVALID_ARG_VALUE",
    `The argument 'encoding' is invalid encoding. Received ${typeof encoding === "string" ? `'${encoding}'` : (encoding as string)}`,
    TypeError,
  );
}
