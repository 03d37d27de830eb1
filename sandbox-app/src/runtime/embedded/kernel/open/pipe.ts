import { callError } from "../file-errors.ts";
import type { FileStatus } from "../system-calls.ts";
import { ByteQueue } from "./byte-queue.ts";
import { BaseFile, type Caller, statusWithoutInode } from "./open-file.ts";
import type { Waits } from "./waits.ts";

/** Bytes that a pipe holds before its writers wait, as on Linux (pipe(7)). */
export const PIPE_BYTES = 65_536;

interface PendingWrite {
  rest: Uint8Array;
  readonly total: number;
  readonly resolve: (written: number) => void;
  readonly reject: (error: Error) => void;
  readonly done: () => void;
}

interface PendingRead {
  readonly length: number;
  readonly resolve: (bytes: Uint8Array) => void;
  readonly reject: (error: Error) => void;
  readonly done: () => void;
}

/**
 * A stream of bytes from writers to readers, with room for PIPE_BYTES: whoever writes more waits,
 * whoever reads before anything came waits. Writes are served whole and in order.
 */
export class Pipe {
  readonly #queue = new ByteQueue();
  readonly #writes: PendingWrite[] = [];
  readonly #reads: PendingRead[] = [];
  #isWriterOpen = true;
  #isReaderOpen = true;
  #isDropping = false;
  #failure: Error | null = null;

  /** Bytes that a reader would get without waiting. */
  get size(): number {
    return this.#queue.size;
  }

  read(length: number, waits: Waits): Uint8Array | Promise<Uint8Array> {
    if (length === 0) return new Uint8Array();
    if (this.#queue.size > 0 && this.#reads.length === 0) {
      const bytes = this.#queue.take(length);
      this.#flow();
      return bytes;
    }
    if (this.#failure !== null) throw this.#failure;
    if (!this.#isWriterOpen || this.#isDropping) return new Uint8Array();
    return new Promise((resolve, reject) => {
      const read: PendingRead = {
        length,
        resolve,
        reject,
        done: waits.add(() => remove(this.#reads, read)),
      };
      this.#reads.push(read);
    });
  }

  /** @throws FileError EPIPE when nobody can read it */
  write(bytes: Uint8Array, waits: Waits): number | Promise<number> {
    if (!this.#isReaderOpen || !this.#isWriterOpen) throw callError("EPIPE", "write");
    const total = bytes.byteLength;
    if (this.#isDropping) return total;
    if (this.#writes.length === 0 && this.#queue.size + total <= PIPE_BYTES) {
      this.#queue.push(bytes);
      this.#flow();
      return total;
    }
    return new Promise((resolve, reject) => {
      const done = waits.add(() => remove(this.#writes, write));
      const write: PendingWrite = { rest: bytes, total, resolve, reject, done };
      this.#writes.push(write);
      this.#flow();
    });
  }

  /** Adds bytes beyond its room: for those who cannot wait, and who keep to a limit of their own. */
  force(bytes: Uint8Array): void {
    this.#queue.push(bytes);
    this.#flow();
  }

  /** Nothing more will be written; what is in it can still be read. */
  closeWriter(): void {
    this.#isWriterOpen = false;
    this.#flow();
  }

  /** Nothing more will be written; after what is in it, the reader is told why. */
  fail(error: Error): void {
    this.#failure = error;
    for (const { reject, done } of this.#reads.splice(0)) {
      done();
      reject(error);
    }
    this.closeWriter();
  }

  /**
   * The reader takes what is there and no more, and the writers go on as if it still read: what
   * background programs write when nobody listens any more.
   */
  dropFurther(): void {
    this.#isDropping = true;
    this.#flow();
  }

  closeReader(): void {
    this.#isReaderOpen = false;
    this.#queue.clear();
    for (const { reject, done } of this.#writes.splice(0)) {
      done();
      reject(callError("EPIPE", "write"));
    }
  }

  #flow(): void {
    do {
      this.#fill();
      this.#serve();
    } while (this.#writes.length > 0 && this.#queue.size < PIPE_BYTES);
    if ((this.#isWriterOpen && !this.#isDropping) || this.#queue.size > 0) return;
    for (const { resolve, done } of this.#reads.splice(0)) {
      done();
      resolve(new Uint8Array());
    }
  }

  /** Moves bytes of waiting writes into the pipe. */
  #fill(): void {
    for (let write = this.#writes[0]; write !== undefined; write = this.#writes[0]) {
      const room = PIPE_BYTES - this.#queue.size;
      if (room <= 0) return;
      this.#queue.push(write.rest.subarray(0, room));
      write.rest = write.rest.subarray(room);
      if (write.rest.byteLength > 0) return;
      this.#writes.shift();
      write.done();
      write.resolve(write.total);
    }
  }

  /** Gives bytes to waiting reads. */
  #serve(): void {
    while (this.#queue.size > 0) {
      const read = this.#reads.shift();
      if (read === undefined) return;
      read.done();
      read.resolve(this.#queue.take(read.length));
    }
  }
}

function remove<T>(list: T[], item: T): void {
  const at = list.indexOf(item);
  if (at !== -1) list.splice(at, 1);
}

export class PipeReader extends BaseFile {
  readonly #pipe: Pipe;
  readonly #ino: number;

  constructor(pipe: Pipe, ino: number) {
    super();
    this.#pipe = pipe;
    this.#ino = ino;
  }

  override status(): FileStatus {
    return { ...statusWithoutInode("pipe", this.#ino), size: this.#pipe.size };
  }

  override read(length: number, position: number | null, { waits }: Caller) {
    if (position !== null) throw callError("ESPIPE", "read");
    return this.#pipe.read(length, waits);
  }

  override close(): void {
    this.#pipe.closeReader();
  }
}

export class PipeWriter extends BaseFile {
  readonly #pipe: Pipe;
  readonly #ino: number;

  constructor(pipe: Pipe, ino: number) {
    super();
    this.#pipe = pipe;
    this.#ino = ino;
  }

  override status(): FileStatus {
    return statusWithoutInode("pipe", this.#ino);
  }

  override write(bytes: Uint8Array, position: number | null, { waits }: Caller) {
    if (position !== null) throw callError("ESPIPE", "write");
    return this.#pipe.write(bytes, waits);
  }

  override close(): void {
    this.#pipe.closeWriter();
  }
}
