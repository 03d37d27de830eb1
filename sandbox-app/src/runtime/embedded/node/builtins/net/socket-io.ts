import { Buffer } from "buffer/index.js";
import type { Hold, NodeContext } from "../../context.ts";
import { codeOf, systemError } from "../errors/system-error.ts";

/** Bytes asked for at once. */
const READ_BYTES = 65_536;

/**
 * The bytes of one descriptor (socket, pipe or terminal) as callbacks on the guest's loop, with the hold
 * that keeps the process alive while it is open (libuv's stream handle).
 */
export class DescriptorIo {
  readonly #node: NodeContext;
  readonly #hold: Hold;
  readonly fd: number;
  readonly #keepsWords: boolean;
  #reading = false;
  #closed = false;

  /** @param keepsWords the kernel's own words say more of a failure than its code */
  constructor(node: NodeContext, fd: number, what: string, keepsWords = false) {
    this.#node = node;
    this.#keepsWords = keepsWords;
    this.fd = fd;
    this.#hold = node.loop.hold(what);
  }

  /** One read; nothing while another is under way. An empty buffer is the end. */
  read(done: (error: Error | null, bytes: Buffer) => void): void {
    if (this.#reading || this.#closed) return;
    this.#reading = true;
    const answer = (error: Error | null, bytes: Uint8Array) => {
      this.#reading = false;
      if (this.#closed) return;
      this.#node.loop.enter(() => done(error, Buffer.from(bytes.slice().buffer)));
    };
    this.#node.system.call("read", this.fd, READ_BYTES, null).then(
      (bytes) => answer(null, bytes),
      (error: unknown) => answer(this.#failure(error, "read"), new Uint8Array()),
    );
  }

  write(bytes: Uint8Array, done: (error: Error | null) => void): void {
    this.#settle(this.#node.system.call("write", this.fd, bytes, null), "write", done);
  }

  shutdown(done: (error: Error | null) => void): void {
    this.#settle(this.#node.system.call("shutdown", this.fd), "shutdown", done);
  }

  /** May be called twice. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#hold.release();
    this.#node.system.call("close", this.fd).catch(() => {
      // Nothing is left to close: the descriptor went away with its peer.
    });
  }

  ref(): void {
    this.#hold.ref();
  }

  unref(): void {
    this.#hold.unref();
  }

  hasRef(): boolean {
    return this.#hold.hasRef();
  }

  #failure(cause: unknown, syscall: string): Error {
    const error = systemError({ code: codeOf(cause), syscall });
    if (this.#keepsWords && cause instanceof Error) error.message += `. ${cause.message}`;
    return error;
  }

  #settle(pending: Promise<unknown>, syscall: string, done: (error: Error | null) => void): void {
    this.#node.loop.settle("WriteWrap", pending, (error) => {
      done(error ? this.#failure(error, syscall) : null);
    });
  }
}
