import { boundClass } from "../bound-class.ts";
import { Writable } from "../stream/stream-classes.ts";
import { Buffer } from "buffer/index.js";
import type { NodeContext } from "../../context.ts";
import { validateInteger } from "../errors/validate.ts";
import type { Callback, WritableLike } from "../stream/stream-types.ts";
import { optionsOf } from "./options.ts";
import { pathText } from "./paths.ts";
import { closeFile, openFile, type StreamFiles, type StreamParts } from "./stream-files.ts";

/** The class behind `fs.createWriteStream`. */
export class WriteStream extends Writable {
  readonly #parts: StreamParts;
  fd: number | null;
  path: unknown;
  flags: unknown;
  mode: unknown;
  start: number | undefined;
  pos: number | undefined;
  bytesWritten = 0;
  readonly _handle: { close(): Promise<void> } | null;

  constructor(parts: StreamParts, path: unknown, given?: unknown) {
    const options = optionsOf(given);
    super({
      ...options,
      autoDestroy: options["autoClose"] !== false,
      decodeStrings: true,
      defaultEncoding: options["encoding"] ?? "utf8",
    });
    this.#parts = parts;
    const { fd } = options;
    const handle = typeof fd === "object" && fd !== null;
    this._handle = handle ? (fd as { close(): Promise<void> }) : null;
    this.fd = handle ? (fd as { fd: number }).fd : ((fd as number | undefined) ?? null);
    this.path = this.fd === null ? pathText(path, "path") : path;
    this.flags = options["flags"] ?? "w";
    this.mode = options["mode"] ?? 0o666;
    this.start = options["start"] as number | undefined;
    if (this.start !== undefined) validateInteger(this.start, "start", 0);
    this.pos = this.start;
  }
  get pending(): boolean {
    return this.fd === null;
  }
  _construct(callback: Callback): void {
    openFile(this, this.#parts.files, callback);
  }
  _write(chunk: Uint8Array, _encoding: string, callback: Callback): void {
    const position = this.pos ?? null;
    if (this.pos !== undefined) this.pos += chunk.byteLength;
    this.#parts.files.write(
      this.fd as number,
      chunk,
      0,
      chunk.byteLength,
      position,
      (error, count) => {
        this.bytesWritten += (count as number | undefined) ?? 0;
        callback(error);
      },
    );
  }
  _writev(chunks: { chunk: Uint8Array }[], callback: Callback): void {
    this._write(Buffer.concat(chunks.map(({ chunk }) => chunk)), "buffer", callback);
  }
  _destroy(error: Error | null, callback: Callback): void {
    closeFile(this, this.#parts.files, error, callback);
  }
  close(callback?: Callback): void {
    const stream = this as WritableLike;
    if (callback !== undefined) {
      if (stream.closed) {
        this.#parts.node.process.nextTick(callback);
        return;
      }
      stream.once("close", callback);
    }
    stream.end();
  }
  destroySoon(): void {
    this.end();
  }
}

export function createWriteStreamClass(node: NodeContext, files: StreamFiles) {
  node.builtin("stream");
  return boundClass(WriteStream, { node, files });
}
