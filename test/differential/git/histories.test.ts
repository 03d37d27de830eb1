import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { GitPair, realGit, ROOT } from "#test/support/git-pair.ts";

/*
 * Histories that nobody has thought of: files of all kinds, branches, merges with and without
 * conflicts. After each step both gits say the same and have made the same objects.
 */

const paths = [
  "a.txt",
  "b.txt",
  "dir/a.txt",
  "dir/deep/c.bin",
  "d ir/é.txt",
  "日本.md",
  "x.log",
  "dir",
];
const branches = ["main", "topic", "feature/one"];

const line = fc.constantFrom(
  "",
  "one",
  "two",
  "  indented",
  "{",
  "}",
  "tab\tbed",
  "ünï",
  "return x;",
);
const text = fc
  .record({
    lines: fc.array(line, { maxLength: 30 }),
    end: fc.constantFrom("\n", "\r\n"),
    isClosed: fc.boolean(),
  })
  .map(({ lines, end, isClosed }) => lines.join(end) + (isClosed && lines.length > 0 ? end : ""));
const content = fc.oneof(
  { weight: 8, arbitrary: text },
  {
    weight: 1,
    arbitrary: fc.uint8Array({ maxLength: 40 }).map((bytes) => new Uint8Array([0, ...bytes])),
  },
);

type Action =
  | {
      readonly kind: "write";
      readonly path: string;
      readonly content: string | Uint8Array;
      readonly mode: number;
    }
  | { readonly kind: "link"; readonly path: string; readonly target: string }
  | { readonly kind: "remove"; readonly path: string }
  | { readonly kind: "git"; readonly args: readonly string[] };

const git = (...args: string[]): fc.Arbitrary<Action> => fc.constant({ kind: "git", args });
const path = fc.constantFrom(...paths);
const branch = fc.constantFrom(...branches);

const action: fc.Arbitrary<Action> = fc.oneof(
  {
    weight: 10,
    arbitrary: fc.record({
      kind: fc.constant("write" as const),
      path: fc.constantFrom(...paths.slice(0, -1)),
      content,
      mode: fc.constantFrom(0o644, 0o644, 0o755),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("link" as const),
      path: fc.constantFrom("a.txt", "link"),
      target: fc.constantFrom("b.txt", "nowhere/é"),
    }),
  },
  { weight: 2, arbitrary: path.map((one): Action => ({ kind: "remove", path: one })) },
  { weight: 3, arbitrary: git("add", "-A") },
  { weight: 2, arbitrary: path.map((one): Action => ({ kind: "git", args: ["add", one] })) },
  { weight: 5, arbitrary: git("commit", "-am", "A change") },
  { weight: 1, arbitrary: git("commit", "--allow-empty", "-m", "Nothing\n\nat all") },
  {
    weight: 2,
    arbitrary: branch.map((one): Action => ({ kind: "git", args: ["checkout", "-b", one] })),
  },
  { weight: 3, arbitrary: branch.map((one): Action => ({ kind: "git", args: ["switch", one] })) },
  {
    weight: 3,
    arbitrary: branch.map((one): Action => ({ kind: "git", args: ["merge", "--no-edit", one] })),
  },
  { weight: 1, arbitrary: git("merge", "--abort") },
  { weight: 1, arbitrary: git("reset", "--hard") },
  { weight: 1, arbitrary: git("reset") },
  { weight: 1, arbitrary: git("mv", "a.txt", "moved.txt") },
  { weight: 1, arbitrary: path.map((one): Action => ({ kind: "git", args: ["restore", one] })) },
  {
    weight: 1,
    arbitrary: path.map((one): Action => ({ kind: "git", args: ["rm", "-q", "-r", one] })),
  },
);

/** What is compared after each step. */
const questions = [
  ["status", "--porcelain=v1", "-b"],
  ["ls-files", "-s"],
  ["diff", "--no-renames"],
  ["diff", "--cached", "--name-status"],
  ["log", "--all", "--format=%H %T %P %s"],
];

async function perform(pair: GitPair, step: Action): Promise<void> {
  if (step.kind === "write") return pair.write(step.path, step.content, step.mode);
  if (step.kind === "link") return pair.link(step.path, step.target);
  if (step.kind === "remove") return pair.remove(step.path);
  if (step.args[0] === "commit" || step.args[0] === "merge") pair.tick();
  const { ours, theirs } = await pair.both(...step.args);
  expect(ours, `git ${step.args.join(" ")}`).toEqual(theirs);
  return undefined;
}

async function compare(pair: GitPair): Promise<void> {
  for (const question of questions) {
    const { ours, theirs } = await pair.both(...question);
    // A conflict is shown by git as a combined diff, by ours as one line.
    if (question[0] === "diff" && theirs.stdout.includes("diff --cc")) continue;
    expect(ours, `git ${question.join(" ")}`).toEqual(theirs);
  }
}

async function play(
  actions: readonly Action[],
  check: (pair: GitPair) => Promise<void>,
): Promise<void> {
  const pair = await GitPair.make();
  try {
    await pair.write(".gitignore", "*.log\n");
    for (const one of actions) {
      await perform(pair, one);
      await compare(pair);
    }
    await check(pair);
  } finally {
    await pair.dispose();
  }
}

const RUNS = Number(process.env["GIT_HISTORIES"] ?? 8);

describe("generated histories", () => {
  it(
    "are the same by both, and what ours writes is read by git",
    { timeout: 600_000 },
    async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(action, { minLength: 6, maxLength: 22 }), (actions) =>
          play(actions, fsckIsClean),
        ),
        { numRuns: RUNS },
      );
    },
  );

  it("that git has written and packed are read by ours", { timeout: 600_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(action, { minLength: 6, maxLength: 16 }), (actions) =>
        play(actions, readsPacked),
      ),
      { numRuns: Math.ceil(RUNS / 3) },
    );
  });
});

async function fsckIsClean(pair: GitPair): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), "git-ours-"));
  try {
    await pair.export(directory);
    const fsck = await realGit(["fsck", "--strict"], directory, {});
    expect(fsck.stdout + fsck.stderr).not.toMatch(/error|missing|broken|warning/);
    expect(fsck.code).toBe(0);
    const status = await realGit(["status", "--porcelain=v1", "-b"], directory, {});
    expect(status.stdout).toBe((await pair.theirs(["status", "--porcelain=v1", "-b"])).stdout);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function readsPacked(pair: GitPair): Promise<void> {
  await pair.theirs(["gc", "--quiet"]);
  await pair.theirs(["pack-refs", "--all"]);
  const place = `${ROOT}-packed`;
  await pair.import(place);
  for (const question of questions.filter(([name]) => name === "log" || name === "ls-files")) {
    const ours = await pair.ours(["-C", place, ...question]);
    expect(ours, `git ${question.join(" ")}`).toEqual(await pair.theirs(question));
  }
}
