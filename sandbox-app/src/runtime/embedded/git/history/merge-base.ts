import type { Repository } from "../repository/repository.ts";

/**
 * All commits from which one can be reached backwards, itself among them.
 *
 * @param max how many are enough
 */
export async function ancestorsOf(
  repository: Repository,
  starts: readonly string[],
  max = Infinity,
): Promise<Set<string>> {
  const found = new Set<string>();
  const left = [...starts];
  for (let oid = left.pop(); oid !== undefined && found.size < max; oid = left.pop()) {
    if (found.has(oid)) continue;
    found.add(oid);
    left.push(...(await repository.commit(oid)).parents);
  }
  return found;
}

export async function isAncestor(
  repository: Repository,
  ancestor: string,
  descendant: string,
): Promise<boolean> {
  return (await ancestorsOf(repository, [descendant])).has(ancestor);
}

/** Best common ancestors: those that no other one descends from; the newest first. */
export async function mergeBases(
  repository: Repository,
  one: string,
  other: string,
): Promise<string[]> {
  const [left, right] = [
    await ancestorsOf(repository, [one]),
    await ancestorsOf(repository, [other]),
  ];
  const common = new Set([...left].filter((oid) => right.has(oid)));
  const below = new Set<string>();
  for (const oid of common) {
    for (const parent of (await repository.commit(oid)).parents) below.add(parent);
  }
  // Whatever a common commit has as a parent is common too, and worse.
  const best = [...common].filter((oid) => !below.has(oid));
  const dated = await Promise.all(
    best.map(async (oid) => ({ oid, at: (await repository.commit(oid)).committer.seconds })),
  );
  return dated.toSorted((a, b) => b.at - a.at).map(({ oid }) => oid);
}
