type Task = () => void;

/** First in, first out, without the cost of `Array.shift` on long arrays. */
export class TaskQueue {
  #tasks: Task[] = [];
  #next = 0;

  get isEmpty(): boolean {
    return this.#next === this.#tasks.length;
  }

  push(task: Task): void {
    this.#tasks.push(task);
  }

  take(): Task | undefined {
    const task = this.#tasks[this.#next];
    if (task === undefined) return undefined;
    this.#next += 1;
    if (this.#next === this.#tasks.length) {
      this.#tasks = [];
      this.#next = 0;
    }
    return task;
  }
}
