/**
 * Characters that may wait for a program to read them. One that reads nothing would otherwise fill
 * the page's memory, call by call.
 */
export const WAITING_MAX_CHARS = 1_024 * 1_024;

/** A command's standard input. A program that does not read it, or ends before, is no failure. */
export class CommandInput {
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;
  #waitingChars = 0;
  #isOpen = true;

  constructor(stream: WritableStream<Uint8Array>) {
    this.#writer = stream.getWriter();
    this.#writer.closed.catch(() => {
      this.#isOpen = false;
    });
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Whether so many characters more may wait to be read. */
  hasRoomFor(chars: number): boolean {
    return this.#waitingChars + chars <= WAITING_MAX_CHARS;
  }

  /** Writes in order, without waiting for the program to read. */
  write(text: string): void {
    if (text === "") return;
    this.#waitingChars += text.length;
    this.#writer.write(new TextEncoder().encode(text)).then(
      () => {
        this.#waitingChars -= text.length;
      },
      () => {},
    );
  }

  /** The end of the input, after what was written. */
  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#writer.close().catch(() => {});
  }
}
