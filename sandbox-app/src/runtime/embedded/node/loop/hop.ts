import type { Natives } from "../context.ts";

/**
 * Asks for one later task of the browser. A message needs no 4 ms, as a nested `setTimeout(0)` does
 * (HTML, 8.6), and microtasks have run when it arrives.
 */
export class Hop {
  readonly #port: MessagePort;
  readonly #other: MessagePort;
  #isAsked = false;

  constructor(natives: Pick<Natives, "MessageChannel">, callback: () => void) {
    const { port1, port2 } = new natives.MessageChannel();
    this.#port = port1;
    this.#other = port2;
    port2.addEventListener("message", () => {
      this.#isAsked = false;
      callback();
    });
    port2.start();
  }

  ask(): void {
    if (this.#isAsked) return;
    this.#isAsked = true;
    this.#port.postMessage(null, []);
  }

  close(): void {
    this.#port.close();
    this.#other.close();
  }
}
