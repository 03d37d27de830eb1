import { fatal } from "../cli/failure.ts";
import type { Arguments } from "../cli/options.ts";
import type { GitContext } from "../repository/context.ts";
import { isGlob } from "../worktree/glob.ts";
import { absolute } from "../repository/repository.ts";

/**
 * Tells revisions from paths as git does: what is before `--` is a revision; without `--`, words are
 * revisions as long as they name something.
 *
 * @throws GitFailure for a word that is neither
 */
export async function splitWords(
  context: GitContext,
  args: Arguments,
): Promise<{ revisions: string[]; paths: string[] }> {
  if (args.dashesAt !== null) {
    for (const word of args.before) await mustName(context, word);
    return { revisions: [...args.before], paths: [...args.after] };
  }
  const revisions: string[] = [];
  for (const [at, word] of args.words.entries()) {
    if (await isRevision(context, word)) {
      revisions.push(word);
      continue;
    }
    const paths = args.words.slice(at);
    for (const path of paths) mustExist(context, path);
    return { revisions, paths };
  }
  return { revisions, paths: [] };
}

async function isRevision(context: GitContext, word: string): Promise<boolean> {
  const parts = rangeParts(word);
  for (const part of parts) if ((await context.revisions.find(part)) === null) return false;
  return true;
}

async function mustName(context: GitContext, word: string): Promise<void> {
  for (const part of rangeParts(word)) {
    if ((await context.revisions.find(part)) === null) throw fatal(`bad revision '${word}'`);
  }
}

/** `a..b`, `a...b` and `^a` name their parts. */
export function rangeParts(word: string): string[] {
  const range = /^(.*?)\.{2,3}(.*)$/.exec(word);
  if (range !== null && !word.startsWith("../") && word !== "..")
    return [range[1] || "HEAD", range[2] || "HEAD"];
  return [word.startsWith("^") ? word.slice(1) : word];
}

function mustExist({ disk, cwd, repository }: GitContext, word: string): void {
  if (isGlob(word) || word.startsWith(":")) return;
  if (disk.status(absolute(cwd, word)) !== undefined) return;
  if (repository.index.has(`${repository.prefix}${word}`)) return;
  throw fatal(
    `ambiguous argument '${word}': unknown revision or path not in the working tree.\n` +
      "Use '--' to separate paths from revisions, like this:\n" +
      "'git <command> [<revision>...] -- [<file>...]'",
  );
}
