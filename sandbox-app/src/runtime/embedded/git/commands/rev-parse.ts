import { fatal, GitFailure } from "../cli/failure.ts";
import { fullRefName, upstreamOf } from "../refs/revision.ts";
import type { GitCommand, GitContext } from "../repository/context.ts";
import { rangeParts } from "./words.ts";

interface Wishes {
  isVerified: boolean;
  isQuiet: boolean;
  /** Characters; null for the whole name. */
  short: number | null;
  names: "abbreviated" | "full" | null;
}

export const revParse: GitCommand = async (context, words) => {
  const wishes: Wishes = { isVerified: false, isQuiet: false, short: null, names: null };
  for (const word of words) {
    if (word.startsWith("--") || word === "-q") option(context, word, wishes);
    else await name(context, word, wishes);
  }
  if (wishes.isVerified && words.every((word) => word.startsWith("-")))
    throw fatal("Needed a single revision");
  return 0;
};

function option(context: GitContext, word: string, wishes: Wishes): void {
  const { output, cwd } = context;
  const short = /^--short(?:=(\d+))?$/.exec(word);
  if (short !== null) {
    wishes.short = Number(short[1] ?? 7);
    wishes.isVerified = true;
  } else if (word === "--verify") wishes.isVerified = true;
  else if (word === "--quiet" || word === "-q") wishes.isQuiet = true;
  else if (word.startsWith("--abbrev-ref")) wishes.names = "abbreviated";
  else if (word === "--symbolic-full-name") wishes.names = "full";
  else if (word === "--symbolic") wishes.names = "abbreviated";
  else if (word !== "--") output.line(place(context, word, cwd));
}

/** Where something is, and what kind of place this is. */
function place({ repository }: GitContext, word: string, cwd: string): string {
  const { gitdir, prefix, isBare } = repository;
  const isInGit = cwd === gitdir || cwd.startsWith(`${gitdir}/`);
  switch (word) {
    case "--show-toplevel":
      return repository.top;
    case "--show-prefix":
      return prefix;
    case "--show-cdup":
      return prefix.replaceAll(/[^/]+\//g, "../");
    case "--git-dir":
      return prefix === "" && !isBare ? ".git" : gitdir;
    case "--absolute-git-dir":
    case "--git-common-dir":
      return gitdir;
    case "--is-inside-work-tree":
      return String(!isBare && !isInGit);
    case "--is-inside-git-dir":
      return String(isInGit);
    case "--is-bare-repository":
      return String(isBare && !gitdir.endsWith("/.git"));
    case "--is-shallow-repository":
      return String(repository.note("shallow") !== undefined);
    case "--show-object-format":
      return "sha1";
    default:
      return word;
  }
}

async function name(context: GitContext, word: string, wishes: Wishes): Promise<void> {
  const { output } = context;
  if (wishes.names !== null) {
    output.line(refName(context, word, wishes.names));
    return;
  }
  const isRange = !wishes.isVerified && (word.startsWith("^") || /\.\.[^/]|\.\.$/.test(word));
  const parts = isRange ? rangeParts(word).toReversed() : [word];
  for (const [at, part] of parts.entries()) {
    const oid = await objectOf(context, word, part, wishes);
    const { short } = wishes;
    const shown = short === null ? oid : context.repository.objects.short(oid, short);
    output.line(isRange && (at > 0 || word.startsWith("^")) ? `^${shown}` : shown);
  }
}

async function objectOf(
  { revisions, output }: GitContext,
  word: string,
  part: string,
  { isVerified, isQuiet }: Wishes,
): Promise<string> {
  const oid = await revisions.find(part);
  if (oid !== null) return oid;
  if (isVerified && isQuiet) throw new GitFailure("", 1);
  if (isVerified) throw fatal("Needed a single revision");
  output.line(word);
  throw fatal(unknown(word));
}

function unknown(word: string): string {
  return (
    `ambiguous argument '${word}': unknown revision or path not in the working tree.\n` +
    "Use '--' to separate paths from revisions, like this:\n'git <command> [<revision>...] -- [<file>...]'"
  );
}

function refName({ repository }: GitContext, word: string, form: "abbreviated" | "full"): string {
  const upstream = /^(.*)@\{u(?:pstream)?\}$/.exec(word);
  const branch = upstream?.[1] === "" ? repository.refs.branch : (upstream?.[1] ?? null);
  if (upstream !== null && upstreamOf(repository, branch) === null)
    throw fatal(`no upstream configured for branch '${branch}'`);
  const full =
    upstream !== null
      ? upstreamOf(repository, branch)
      : word === "HEAD" || word === "@"
        ? (repository.refs.target("HEAD") ?? "HEAD")
        : fullRefName(repository, word);
  if (full === null || (full === repository.refs.target("HEAD") && repository.refs.head === null))
    throw fatal(unknown(word));
  return form === "full" ? full : full.replace(/^refs\/(?:heads|tags|remotes)\//, "");
}
