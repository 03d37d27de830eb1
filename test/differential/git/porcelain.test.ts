import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { GitPair } from "#test/support/git-pair.ts";
import { mergingScenarios } from "./merging-scenarios.ts";
import { preciseScenarios } from "./precise-scenarios.ts";
import type { Step } from "./steps.ts";
import { workingScenarios } from "./working-scenarios.ts";

/*
 * The same commands with the machine's git and with ours: exit code, stdout and stderr are equal. A
 * step is a command line, or something that is done to the files of both.
 */

let pair: GitPair;
beforeEach(async () => {
  pair = await GitPair.make();
});
afterEach(() => pair.dispose());

/** Words, with quotes around those that hold blanks. */
function wordsOf(line: string): string[] {
  return [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? "");
}

async function run(steps: readonly Step[]): Promise<void> {
  for (const [at, step] of steps.entries()) {
    if (typeof step !== "string") {
      await step(pair);
      continue;
    }
    const args = wordsOf(step);
    if (args[0] === "commit" || args[0] === "merge" || args[0] === "stash") pair.tick();
    const { ours, theirs } = await pair.both(...args);
    expect.soft(ours, `step ${at}: git ${step}`).toEqual(theirs);
  }
}

describe("what git says", () => {
  it.each(Object.entries({ ...workingScenarios, ...mergingScenarios, ...preciseScenarios }))(
    "%s",
    async (_title, steps) => {
      await run(steps);
      expect(steps.length).toBeGreaterThan(0);
    },
  );
});
