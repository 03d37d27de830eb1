import type { Arguments } from "../cli/options.ts";
import type { GitContext } from "../repository/context.ts";
import { putFiles } from "../worktree/switch-files.ts";
import { detachedAdvice } from "./switching.ts";

export interface FirstCheckout {
  readonly branch: string | null;
  readonly tag: string | null;
  readonly oid: string;
  readonly url: string;
  readonly remote: string;
}

/** Puts HEAD and the files of a new clone where they belong. */
export async function checkoutFirst(
  context: GitContext,
  args: Arguments,
  { branch, oid, url, remote, ...start }: FirstCheckout,
): Promise<number> {
  const { repository, worktree, output, revisions } = context;
  const { refs, config } = repository;
  const commit = await revisions.commit(oid);
  const reason = `clone: from ${url}`;
  if (branch === null) {
    refs.detach(commit.oid, reason);
    if (!args.has("quiet") && config.isOn("advice.detachedhead", true))
      output.error(detachedAdvice(start.tag === null ? commit.oid : commit.oid));
  } else {
    refs.write(`refs/heads/${branch}`, commit.oid, reason);
    config.set(`branch.${branch}.remote`, remote, "local");
    config.set(`branch.${branch}.merge`, `refs/heads/${branch}`, "local");
  }
  if (args.has("no-checkout")) return 0;
  const files = await repository.files(commit.tree);
  await putFiles(repository, worktree, [...files.keys()], files);
  repository.index.save();
  return 0;
}
