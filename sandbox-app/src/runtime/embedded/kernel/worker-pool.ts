/** Wait before the next spare starts, so that it does not compete with the process just started. */
const SPARE_DELAY_MS = 50;

/** Starts workers for processes, and keeps one ready: loading the shell takes longer than running it. */
export class WorkerPool {
  readonly #create: () => Worker;
  #spare: Worker | null = null;
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(create: () => Worker) {
    this.#create = create;
    this.#spare = create();
  }

  take(): Worker {
    const worker = this.#spare ?? this.#create();
    this.#spare = null;
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      this.#spare ??= this.#create();
    }, SPARE_DELAY_MS);
    return worker;
  }

  dispose(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#spare?.terminate();
    this.#spare = null;
  }
}
