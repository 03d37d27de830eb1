import fc from "fast-check";
import { expect, it } from "vitest";
import { GitPair } from "#test/support/git-pair.ts";

/*
 * Many shortest differences exist between two texts; which one is shown is part of what git says. Few
 * kinds of lines make many ways, and indentation decides among them.
 */
const line = fc.constantFrom(
  "",
  "",
  "}",
  "  }",
  "function one() {",
  "function two(a, b) {",
  "  return 1;",
  "  if (a) {",
  "    b();",
  "\tc();",
  "// a remark",
);
const block = fc.array(line, { maxLength: 12 });
/** A text, and the same with some blocks put in, taken out or moved. */
const texts = fc
  .array(fc.record({ before: block, after: fc.option(block), isMoved: fc.boolean() }), {
    minLength: 1,
    maxLength: 14,
  })
  .map((parts) => {
    const moved = parts.filter(({ isMoved }) => isMoved).flatMap(({ before }) => before);
    const after = parts.flatMap(({ before, after: other, isMoved }) =>
      isMoved ? [] : (other ?? before),
    );
    return [parts.flatMap(({ before }) => before), [...after, ...moved]] as const;
  });

const RUNS = Number(process.env["GIT_DIFFS"] ?? 30);

it("chooses the same differences as git", { timeout: 600_000 }, async () => {
  const pair = await GitPair.make();
  try {
    await fc.assert(
      fc.asyncProperty(texts, async ([before, after]) => {
        await pair.write("code.js", `${before.join("\n")}\n`);
        await pair.both("add", "code.js");
        await pair.write("code.js", `${after.join("\n")}\n`);
        for (const options of [[], ["-U0"], ["--stat"], ["--numstat"]]) {
          const { ours, theirs } = await pair.both("diff", ...options);
          expect(ours, options.join(" ")).toEqual(theirs);
        }
      }),
      { numRuns: RUNS },
    );
  } finally {
    await pair.dispose();
  }
});
