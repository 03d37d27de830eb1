import type { System } from "../../kernel/system-calls.ts";
import { FileError } from "../../../runtime.ts";
import { BrokenPipe } from "../run/outcome.ts";

/** What a descriptor of the shell stands for: an open file of the kernel, or bytes in this process. */
export interface OpenFile {
  /** At most `length` bytes; empty at the end. */
  read(length: number): Promise<Uint8Array>;
  write(bytes: Uint8Array): Promise<void>;
  /** A descriptor of the kernel for the same, for children to inherit. */
  kernelFd(): number;
  close(): void;
}

const NOTHING = new Uint8Array();

export class KernelFile implements OpenFile {
  /** Other files are bytes in this process, and never a terminal. */
  readonly isKernel = true;
  readonly #system: System;
  readonly #fd: number;
  readonly #isBorrowed: boolean;

  /** @param isBorrowed whether it stays open when the shell closes its own (0, 1 and 2) */
  constructor(system: System, fd: number, isBorrowed = false) {
    this.#system = system;
    this.#fd = fd;
    this.#isBorrowed = isBorrowed;
  }

  read(length: number): Promise<Uint8Array> {
    return this.#system.call("read", this.#fd, length, null);
  }

  async write(bytes: Uint8Array): Promise<void> {
    try {
      await this.#system.call("write", this.#fd, bytes, null);
    } catch (error) {
      if (error instanceof FileError && error.code === "EPIPE") throw new BrokenPipe();
      throw error;
    }
  }

  kernelFd(): number {
    return this.#fd;
  }

  close(): void {
    if (!this.#isBorrowed) this.#system.callSync("close", this.#fd);
  }
}

/** Collects what a command substitution writes; costs no system call unless a child writes too. */
export class Capture implements OpenFile {
  readonly #system: System;
  readonly #chunks: Uint8Array[] = [];
  readonly #closed = Promise.withResolvers<void>();
  #pipe: { readonly writeEnd: number; readonly pumped: Promise<void> } | undefined;

  constructor(system: System) {
    this.#system = system;
  }

  read(): Promise<Uint8Array> {
    return Promise.resolve(NOTHING);
  }

  async write(bytes: Uint8Array): Promise<void> {
    // A child may have written before: what goes through its pipe stays in order.
    if (this.#pipe === undefined) this.#chunks.push(bytes);
    else await this.#system.call("write", this.#pipe.writeEnd, bytes, null);
  }

  kernelFd(): number {
    if (this.#pipe === undefined) {
      const { readEnd, writeEnd } = this.#system.callSync("pipe");
      this.#pipe = { writeEnd, pumped: this.#pump(readEnd) };
    }
    return this.#pipe.writeEnd;
  }

  close(): void {
    if (this.#pipe === undefined) return this.#closed.resolve();
    this.#system.callSync("close", this.#pipe.writeEnd);
    void this.#pipe.pumped.then(() => this.#closed.resolve());
  }

  /** Everything, once nobody can write any more. */
  async bytes(): Promise<Uint8Array> {
    await this.#closed.promise;
    return joinBytes(this.#chunks);
  }

  async #pump(readEnd: number): Promise<void> {
    for (;;) {
      const chunk = await this.#system.call("read", readEnd, PIPE_CHUNK, null);
      if (chunk.byteLength === 0) break;
      this.#chunks.push(chunk);
    }
    this.#system.callSync("close", readEnd);
  }
}

/** Bytes that are there already, to be read: a here-document. */
export class Prepared implements OpenFile {
  readonly #system: System;
  #bytes: Uint8Array;
  #readEnd: number | undefined;

  constructor(system: System, bytes: Uint8Array) {
    this.#system = system;
    this.#bytes = bytes;
  }

  async read(length: number): Promise<Uint8Array> {
    if (this.#readEnd !== undefined) return this.#system.call("read", this.#readEnd, length, null);
    const chunk = this.#bytes.slice(0, length);
    this.#bytes = this.#bytes.subarray(chunk.byteLength);
    return chunk;
  }

  write(): Promise<void> {
    return Promise.reject(new FileError("EBADF", "", "EBADF: bad file descriptor, write"));
  }

  kernelFd(): number {
    if (this.#readEnd === undefined) this.#readEnd = pipeFrom(this.#system, this.#bytes, null);
    return this.#readEnd;
  }

  close(): void {
    if (this.#readEnd !== undefined) this.#system.callSync("close", this.#readEnd);
  }
}

/** Bytes asked for at once: what a pipe of Linux holds (pipe(7)). */
export const PIPE_CHUNK = 65_536;

/** A pipe's read end that gives some bytes, and then what another file gives. */
export function pipeFrom(system: System, first: Uint8Array, rest: OpenFile | null): number {
  const { readEnd, writeEnd } = system.callSync("pipe");
  const pump = async (): Promise<void> => {
    if (first.byteLength > 0) await system.call("write", writeEnd, first, null);
    if (rest === null) return;
    for (;;) {
      const chunk = await rest.read(PIPE_CHUNK);
      if (chunk.byteLength === 0) return;
      await system.call("write", writeEnd, chunk, null);
    }
  };
  const close = (): void => system.callSync("close", writeEnd);
  // A reader that goes away early is no error.
  void pump().then(close, close);
  return readEnd;
}

export function joinBytes(chunks: readonly Uint8Array[]): Uint8Array {
  if (chunks.length === 1 && chunks[0] !== undefined) return chunks[0];
  const joined = new Uint8Array(chunks.reduce((sum, { byteLength }) => sum + byteLength, 0));
  let at = 0;
  for (const chunk of chunks) {
    joined.set(chunk, at);
    at += chunk.byteLength;
  }
  return joined;
}
