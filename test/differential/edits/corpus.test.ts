import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { top } from "#scripts/disco/top.ts";
import { fetchPublished, reachableRegistry } from "#test/support/published.ts";
import { Findings } from "./findings.ts";
import { GitTrees } from "./git-trees.ts";
import { publishedPairs } from "./published-pairs.ts";
import type { Transition } from "./transition.ts";
import { tryTransition } from "./try-transition.ts";
import { tryWholePatches } from "./whole-patches.ts";

/*
 * Edits and patches made from what people have really changed: each one gives the bytes that git has,
 * or is refused for a reason that holds when it is looked at a second way (decision 0019).
 */

/** Of what is wrong; the first few mostly have one reason. */
const SHOWN_MAX = 20;

/** Commits of this project, the latest. */
const COMMITS_MAX = 25;

/** Milliseconds for the largest package on a busy machine. */
const TIMEOUT_MS = 120_000;

const NO_REGISTRY = "npm's registry, from which the packages come, does not answer";

async function tryAll(transition: Transition, findings: Findings): Promise<void> {
  await tryTransition(transition, findings);
  await tryWholePatches(transition, findings);
}

function shown({ wrong }: Findings): string {
  return wrong.slice(0, SHOWN_MAX).join("\n");
}

describe("published versions of packages", () => {
  const findings = new Findings();
  let registry: string | undefined;
  let trees: GitTrees;
  beforeAll(async () => {
    registry = await reachableRegistry();
    trees = await GitTrees.make();
  });
  afterAll(async () => {
    await trees.dispose();
    console.info(findings.report());
  });

  it.for(publishedPairs)(
    "of $name become each other",
    { timeout: TIMEOUT_MS },
    async ({ name, versions }, context) => {
      // Here and there a machine has none; where everything has to be tried, that is a failure.
      if (registry === undefined && process.env["CI"] === undefined) context.skip(NO_REGISTRY);
      if (registry === undefined) throw new Error(NO_REGISTRY);
      const refs: string[] = [];
      for (const [version, integrity] of versions) {
        const ref = `refs/heads/${name}-${version}`;
        await trees.add(ref, await fetchPublished(registry, name, version, integrity));
        const before = refs.at(-1);
        refs.push(ref);
        if (before === undefined) continue;
        await tryAll(await trees.transition(`${name} ${version}`, before, ref), findings);
      }
      expect(shown(findings)).toBe("");
    },
  );

  it("were thousands of cases, of which few are refused", (context) => {
    if (registry === undefined) context.skip(NO_REGISTRY);
    expect(findings.total()).toBeGreaterThan(5_000);
    expect(findings.total("equal") / findings.total()).toBeGreaterThan(0.9);
  });
});

it(
  "the commits of this project become each other",
  async () => {
    const findings = new Findings();
    const own = GitTrees.at(top);
    // A clone of the last commit alone has none.
    for (const commit of await own.commits(COMMITS_MAX)) {
      await tryAll(await own.transition(commit.slice(0, 8), `${commit}^`, commit), findings);
    }
    console.info(findings.report());
    expect(shown(findings)).toBe("");
  },
  TIMEOUT_MS,
);
