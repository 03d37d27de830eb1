import { ancestorsOf } from "../history/merge-base.ts";
import { parseTag } from "../objects/commit.ts";
import { Mode } from "../objects/tree.ts";
import type { Repository } from "../repository/repository.ts";

/**
 * Names of all objects that a remote lacks: what the new commits need, without what those need that it
 * has (git-rev-list(1), `--objects`).
 *
 * @param tips commits or tags to be sent
 * @param known commits that the remote has, as far as they are here
 */
export async function outgoingObjects(
  repository: Repository,
  tips: readonly string[],
  known: readonly string[],
): Promise<string[]> {
  const found = new Set<string>();
  const commits: string[] = [];
  for (const tip of tips) {
    for (let oid = tip; ;) {
      const { type, content } = await repository.objects.read(oid);
      if (type === "commit") commits.push(oid);
      else found.add(oid);
      if (type !== "tag") break;
      oid = parseTag(content).object;
    }
  }
  const excluded = await ancestorsOf(repository, known);
  const walk = new Walk(repository, found);
  const left = commits.filter((oid) => !excluded.has(oid));
  const fresh: string[] = [];
  for (let oid = left.pop(); oid !== undefined; oid = left.pop()) {
    if (found.has(oid)) continue;
    found.add(oid);
    fresh.push(oid);
    const { parents } = await repository.commit(oid);
    for (const parent of parents) {
      if (excluded.has(parent)) await walk.exclude((await repository.commit(parent)).tree);
      else left.push(parent);
    }
  }
  for (const oid of fresh) await walk.include((await repository.commit(oid)).tree);
  return [...found];
}

/** Trees and files, each looked at once. */
class Walk {
  readonly #repository: Repository;
  readonly #found: Set<string>;
  readonly #excluded = new Set<string>();

  constructor(repository: Repository, found: Set<string>) {
    this.#repository = repository;
    this.#found = found;
  }

  /** What the remote has already. */
  exclude(tree: string): Promise<void> {
    return this.#visit(tree, this.#excluded);
  }

  include(tree: string): Promise<void> {
    return this.#visit(tree, this.#found);
  }

  async #visit(tree: string, into: Set<string>): Promise<void> {
    if (into.has(tree) || this.#excluded.has(tree)) return;
    into.add(tree);
    for (const { oid, mode } of await this.#repository.tree(tree)) {
      if (mode === Mode.directory) await this.#visit(oid, into);
      else if (mode !== Mode.submodule && !this.#excluded.has(oid)) into.add(oid);
    }
  }
}
