import { boundClass } from "../bound-class.ts";
import { Readable } from "../stream/stream-classes.ts";
import { Buffer } from "buffer/index.js";
import type { NodeContext } from "../../context.ts";
import { outOfRange } from "../errors/node-error.ts";
import { validateInteger } from "../errors/validate.ts";
import type { Callback, ReadableLike } from "../stream/stream-types.ts";
import { optionsOf, type Options } from "./options.ts";
import { pathText } from "./paths.ts";
import { closeFile, openFile, type StreamFiles, type StreamParts } from "./stream-files.ts";

/** Node's default for file streams. */
const HIGH_WATER_MARK = 64 * 1024;

/** The class behind `fs.createReadStream`. */
export class ReadStream extends Readable {
  readonly #parts: StreamParts;
  fd: number | null;
  path: unknown;
  flags: unknown;
  mode: unknown;
  start: number | undefined;
  end: number;
  pos: number | undefined;
  bytesRead = 0;
  readonly _handle: { close(): Promise<void> } | null;

  constructor(parts: StreamParts, path: unknown, given?: unknown) {
    const options: Options = optionsOf(given);
    super({
      highWaterMark: HIGH_WATER_MARK,
      autoDestroy: options["autoClose"] !== false,
      ...options,
    });
    this.#parts = parts;
    const { fd } = options;
    const handle = typeof fd === "object" && fd !== null;
    this._handle = handle ? (fd as { close(): Promise<void> }) : null;
    this.fd = handle ? (fd as { fd: number }).fd : ((fd as number | undefined) ?? null);
    this.path = this.fd === null ? pathText(path, "path") : path;
    this.flags = options["flags"] ?? "r";
    this.mode = options["mode"] ?? 0o666;
    this.start = options["start"] as number | undefined;
    this.end = (options["end"] as number | undefined) ?? Infinity;
    this.pos = this.start;
    if (this.start !== undefined) validateInteger(this.start, "start", 0);
    if (this.end !== Infinity) {
      validateInteger(this.end, "end", 0);
      if (this.start !== undefined && this.start > this.end) {
        throw outOfRange("start", `<= "end" (here: ${this.end})`, this.start);
      }
    }
  }
  get pending(): boolean {
    return this.fd === null;
  }
  _construct(callback: Callback): void {
    openFile(this, this.#parts.files, callback);
  }
  _read(size: number): void {
    const left = this.pos === undefined ? this.end - this.bytesRead + 1 : this.end - this.pos + 1;
    const length = Math.min(left, size);
    if (length <= 0) {
      this.push(null);
      return;
    }
    const target = Buffer.alloc(length);
    this.#parts.files.read(
      this.fd as number,
      target,
      0,
      length,
      this.pos ?? null,
      (error, count) => {
        if (error) {
          this.destroy(error);
          return;
        }
        const bytes = count as number;
        this.bytesRead += bytes;
        if (this.pos !== undefined) this.pos += bytes;
        this.push(bytes === 0 ? null : target.subarray(0, bytes));
      },
    );
  }
  _destroy(error: Error | null, callback: Callback): void {
    closeFile(this, this.#parts.files, error, callback);
  }
  close(callback?: Callback): void {
    if (callback !== undefined) (this as ReadableLike).once("close", callback);
    this.destroy();
  }
}

export function createReadStreamClass(node: NodeContext, files: StreamFiles) {
  node.builtin("stream");
  return boundClass(ReadStream, { node, files });
}
