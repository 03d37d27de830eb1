import { writeSync } from "node:fs";
import type { Reporter, TestModule } from "vitest/node";

/**
 * Ends the run with one plain line, `N passed, N failed`, that a machine can read. A file that could
 * not be loaded and an error outside of every test each count as one failure.
 */
export class SummaryReporter implements Reporter {
  #passed = 0;
  /** One until the run has ended: a run that was cut short has not passed. */
  #failed = 1;

  onInit(): void {
    // The coverage is printed after the run's end; this must come after it.
    process.on("exit", () => {
      writeSync(1, `\n${this.#passed} passed, ${this.#failed} failed\n`);
    });
  }

  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly unknown[]): void {
    this.#passed = 0;
    this.#failed = unhandled.length;
    for (const module of modules) {
      this.#failed += module.errors().length;
      for (const suite of module.children.allSuites()) this.#failed += suite.errors().length;
      for (const test of module.children.allTests()) {
        if (test.result().state === "passed") this.#passed += 1;
        else this.#failed += 1;
      }
    }
  }
}
