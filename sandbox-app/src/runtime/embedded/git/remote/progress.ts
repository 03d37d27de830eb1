import type { Output } from "../cli/output.ts";

/** Milliseconds between two lines of progress, as git shows it. */
const STEP_MS = 100;

/** What git says while it receives, written over itself (git's progress.c). */
export class Progress {
  readonly #output: Output;
  #toldAt = 0;

  constructor(output: Output) {
    this.#output = output;
  }

  received(bytes: number): void {
    this.#tell(`Receiving objects: ${(bytes / 1_048_576).toFixed(2)} MiB`, false);
  }

  indexed(done: number, total: number): void {
    const percent = Math.floor((done * 100) / Math.max(total, 1));
    const share = `${String(percent).padStart(3)}% (${done}/${total})`;
    this.#tell(`Indexing objects: ${share}`, done === total);
  }

  written(done: number, total: number): void {
    const percent = Math.floor((done * 100) / Math.max(total, 1));
    const share = `${String(percent).padStart(3)}% (${done}/${total})`;
    this.#tell(`Writing objects: ${share}`, done === total);
  }

  #tell(text: string, isLast: boolean): void {
    const now = Date.now();
    if (!isLast && now - this.#toldAt < STEP_MS) return;
    this.#toldAt = now;
    this.#output.errorText(isLast ? `${text}, done.\n` : `${text}\r`);
    void this.#output.flush();
  }
}
