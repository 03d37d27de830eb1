import type { System } from "../../kernel/system-calls.ts";
import { type Bytes, concat, encode } from "../objects/bytes.ts";

/** Enough for one write; a long log must not stand in memory as a whole. */
const FLUSH_BYTES = 65_536;

/** What the program says, in the order in which it was said. */
export class Output {
  readonly #system: Pick<System, "call">;
  #pending: { readonly fd: number; readonly parts: Bytes[] } = { fd: 1, parts: [] };
  #size = 0;
  #last: Promise<unknown> = Promise.resolve();
  #isDeaf = false;

  constructor(system: Pick<System, "call">) {
    this.#system = system;
  }

  /** Nobody reads stdout any more, so that no more of it need be made. */
  get isDeaf(): boolean {
    return this.#isDeaf;
  }

  line(text: string): void {
    this.#add(1, encode(`${text}\n`));
  }

  text(text: string): void {
    this.#add(1, encode(text));
  }

  bytes(bytes: Bytes): void {
    this.#add(1, bytes);
  }

  error(text: string): void {
    this.#add(2, encode(`${text}\n`));
  }

  /** Without a line's end, as progress is. */
  errorText(text: string): void {
    this.#add(2, encode(text));
  }

  /** Resolves when all that was said has been written. */
  async flush(): Promise<void> {
    this.#send();
    await this.#last;
  }

  #add(fd: number, bytes: Bytes): void {
    if (this.#pending.fd !== fd) this.#send();
    if (this.#pending.parts.length === 0) this.#pending = { fd, parts: [] };
    this.#pending.parts.push(bytes);
    this.#size += bytes.length;
    if (this.#size > FLUSH_BYTES) this.#send();
  }

  #send(): void {
    const { fd, parts } = this.#pending;
    this.#pending = { fd, parts: [] };
    this.#size = 0;
    if (parts.length === 0) return;
    const write = async (): Promise<void> => {
      await this.#system.call("write", fd, concat(parts), null);
    };
    this.#last = this.#last.then(write).catch(() => {
      if (fd === 1) this.#isDeaf = true;
    });
  }
}
