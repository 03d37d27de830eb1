import { describe, expect, it } from "vitest";
import { knownDifferences } from "./known-differences.ts";
import { readCases, type ShellCase } from "./read-cases.ts";
import { type Outcome, runInBash, runInContainer } from "./run-both.ts";

const cases = await readCases(new URL("./", import.meta.url));

function compared({ comparesErrors }: ShellCase, { stdout, stderr, code }: Outcome): unknown {
  return comparesErrors ? { stdout, code, stderr } : { stdout, code };
}

describe.concurrent("the container's shell beside bash 5", () => {
  it.each(cases)("$name", async (one) => {
    const [bash, ours] = await Promise.all([runInBash(one.source), runInContainer(one.source)]);
    const expected = compared(one, bash);
    const reason = knownDifferences[one.name];
    if (reason === undefined) expect(compared(one, ours)).toEqual(expected);
    // A difference that is gone must leave the list.
    else expect(compared(one, ours), reason).not.toEqual(expected);
  });
});

describe("the known differences", () => {
  it("name snippets that exist", () => {
    const names = new Set(cases.map(({ name }) => name));
    expect(Object.keys(knownDifferences).filter((name) => !names.has(name))).toEqual([]);
  });
});
