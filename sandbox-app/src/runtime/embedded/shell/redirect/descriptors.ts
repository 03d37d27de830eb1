import type { System } from "../../kernel/system-calls.ts";
import { joinBytes, type OpenFile, PIPE_CHUNK, pipeFrom } from "./open-file.ts";

const NOTHING = new Uint8Array();
const LINE_FEED = 10;

/** An open file that several descriptors share, of this shell and of its subshells. */
export class Handle {
  readonly file: OpenFile;
  readonly isPrivate: boolean;
  /** Read from the file, and not yet taken: `read` takes lines, files give chunks. */
  #ahead: Uint8Array = NOTHING;
  #holders = 0;

  /** @param use whether children get it too */
  constructor(file: OpenFile, use: "shared" | "private" = "shared") {
    this.file = file;
    this.isPrivate = use === "private";
  }

  hold(): this {
    this.#holders++;
    return this;
  }

  release(): void {
    if (--this.#holders === 0) this.file.close();
  }

  async read(length = PIPE_CHUNK): Promise<Uint8Array> {
    if (this.#ahead.byteLength === 0) return this.file.read(length);
    const taken = this.#ahead.subarray(0, length);
    this.#ahead = this.#ahead.subarray(taken.byteLength);
    return taken;
  }

  /** Takes a few bytes, and keeps what the file gave beyond them. */
  async readSome(length: number): Promise<Uint8Array> {
    const chunk = await this.read();
    this.putBack(chunk.subarray(length));
    return chunk.subarray(0, length);
  }

  /** Takes up to and with the delimiter; less at the end of the file. */
  async readUntil(delimiter = LINE_FEED): Promise<Uint8Array> {
    const chunks: Uint8Array[] = [];
    for (;;) {
      const chunk = await this.read();
      const at = chunk.indexOf(delimiter);
      if (at !== -1) {
        this.putBack(chunk.subarray(at + 1));
        chunks.push(chunk.subarray(0, at + 1));
        return joinBytes(chunks);
      }
      chunks.push(chunk);
      if (chunk.byteLength === 0) return joinBytes(chunks);
    }
  }

  async readAll(): Promise<Uint8Array> {
    const chunks: Uint8Array[] = [];
    for (;;) {
      const chunk = await this.read();
      if (chunk.byteLength === 0) return joinBytes(chunks);
      chunks.push(chunk);
    }
  }

  /** What was read too much is read again. */
  putBack(bytes: Uint8Array): void {
    if (bytes.byteLength === 0) return;
    this.#ahead = this.#ahead.byteLength === 0 ? bytes : joinBytes([bytes, this.#ahead]);
  }

  /** A descriptor of the kernel for a child, and what closes it when the child has it. */
  forChild(system: System): { readonly fd: number; readonly done: () => void } {
    if (this.#ahead.byteLength === 0) return { fd: this.file.kernelFd(), done: () => {} };
    const fd = pipeFrom(system, this.#ahead, this.file);
    this.#ahead = NOTHING;
    return { fd, done: () => system.callSync("close", fd) };
  }
}

/** The descriptors of one shell, subshell or command: numbers that mean open files. */
export class Descriptors {
  readonly #open = new Map<number, Handle>();

  get(fd: number): Handle | undefined {
    return this.#open.get(fd);
  }

  set(fd: number, handle: Handle): void {
    handle.hold();
    this.#open.get(fd)?.release();
    this.#open.set(fd, handle);
  }

  close(fd: number): void {
    this.#open.get(fd)?.release();
    this.#open.delete(fd);
  }

  closeAll(): void {
    for (const fd of Array.from(this.#open.keys())) this.close(fd);
  }

  copy(): Descriptors {
    const copy = new Descriptors();
    for (const [fd, handle] of this.#open) copy.set(fd, handle);
    return copy;
  }

  /** Lowest free number from `from` on. */
  free(from: number): number {
    let fd = from;
    while (this.#open.has(fd)) fd++;
    return fd;
  }

  entries(): [number, Handle][] {
    return [...this.#open];
  }

  get highest(): number {
    return Math.max(-1, ...this.#open.keys());
  }
}
