import { fatal } from "../cli/failure.ts";
import { type Arguments, OptionTable, parseArguments } from "../cli/options.ts";
import { diffOptions, diffViewOf } from "../diff/show-diff.ts";
import { mergeBases } from "../history/merge-base.ts";
import { type Pretty, prettyOf } from "../history/pretty.ts";
import { walkHistory, type WalkOptions } from "../history/walk.ts";
import type { Commit } from "../objects/commit.ts";
import type { GitCommand, GitContext } from "../repository/context.ts";
import { parseDate } from "../repository/dates.ts";
import { CommitPrinter } from "./commit-printer.ts";
import { splitWords } from "./words.ts";

export const logOptions =
  "oneline n|max-count= skip= format= pretty=? abbrev-commit no-abbrev-commit date= reverse first-parent " +
  "merges no-merges all branches=? tags=? remotes=? author= committer= grep= i|regexp-ignore-case since= after= until= before= " +
  "decorate=? no-decorate topo-order date-order graph follow m root no-walk";

const options = new OptionTable(`${logOptions} ${diffOptions}`);

export const log: GitCommand = async (context, words) => {
  const args = parseArguments(options, words);
  refuse(args);
  const { repository, output } = context;
  const walk = await walkOptionsOf(context, args);
  if (
    walk.starts.length === 0 &&
    repository.refs.head === null &&
    args.words.length === 0 &&
    !args.has("all")
  ) {
    const name = repository.refs.branch ?? "HEAD";
    throw fatal(`your current branch '${name}' does not have any commits yet`);
  }
  const view = diffViewOf(args, repository, []);
  const printer = await CommitPrinter.make(context, logPretty(args), {
    view,
    decorate: args.value("decorate") ?? (args.has("no-decorate") ? "no" : "auto"),
    pathspec: walk.pathspec,
    mergesToo: args.has("first-parent") || args.has("m"),
  });
  const chosen = commitsOf(context, args, walk);
  if (args.has("reverse")) {
    const all: Commit[] = [];
    for await (const commit of chosen) all.push(commit);
    for (const commit of all.toReversed()) await printer.print(commit);
  } else {
    for await (const commit of chosen) {
      if (output.isDeaf) break;
      await printer.print(commit);
    }
  }
  return 0;
};

function refuse(args: Arguments): void {
  if (args.has("graph")) throw fatal("log --graph is not supported here; use --topo-order");
  if (args.has("follow")) throw fatal("log --follow is not supported here; name both paths");
}

export function logPretty(args: Arguments): Pretty {
  const isOneline = args.has("oneline");
  const said = args.value("format") ?? args.value("pretty");
  const form = said === "" || said === undefined ? (isOneline ? "oneline" : undefined) : said;
  const isShort = (isOneline || args.has("abbrev-commit")) && !args.has("no-abbrev-commit");
  return prettyOf(form, args.value("date"), isShort);
}

/** Where a walk starts and where it ends, out of the words of a command. */
export async function walkOptionsOf(context: GitContext, args: Arguments): Promise<WalkOptions> {
  const { revisions, paths } = await splitWords(context, args);
  const starts: string[] = [];
  const excluded: string[] = [];
  for (const word of revisions) await addRange(context, word, starts, excluded);
  starts.push(...(await groupStarts(context, args)));
  const { head } = context.repository.refs;
  const isGroup = ["branches", "tags", "remotes"].some((name) => args.has(name));
  const usesHead = args.has("all") || (starts.length === 0 && !isGroup);
  if (usesHead && head !== null) starts.push(head);
  return {
    starts,
    excluded,
    onlyFirstParent: args.has("first-parent"),
    isTopological: args.has("topo-order") || args.has("date-order"),
    pathspec: paths.length === 0 ? null : context.pathspec(paths),
  };
}

/** `--all`, `--branches` and the like. */
async function groupStarts(context: GitContext, args: Arguments): Promise<string[]> {
  const prefixes = [
    ...(args.has("all") ? ["refs/"] : []),
    ...(args.has("branches") ? ["refs/heads/"] : []),
    ...(args.has("tags") ? ["refs/tags/"] : []),
    ...(args.has("remotes") ? ["refs/remotes/"] : []),
  ];
  const found: string[] = [];
  for (const { oid } of prefixes.flatMap((prefix) => context.repository.refs.list(prefix))) {
    const commit = await context.revisions.peel(oid, "commit");
    if (commit !== null) found.push(commit);
  }
  return found;
}

async function addRange(
  { repository, revisions }: GitContext,
  word: string,
  starts: string[],
  excluded: string[],
): Promise<void> {
  const oidOf = async (said: string): Promise<string> =>
    (await revisions.commit(said || "HEAD")).oid;
  const [, left = "", dots, right = ""] = /^(.*?)(\.{2,3})(.*)$/.exec(word) ?? [];
  if (word.startsWith("^")) {
    excluded.push(await oidOf(word.slice(1)));
  } else if (dots === undefined) {
    starts.push(await oidOf(word));
  } else {
    const [from, to] = [await oidOf(left), await oidOf(right)];
    starts.push(to);
    if (dots === "..") {
      excluded.push(from);
    } else {
      starts.push(from);
      excluded.push(...(await mergeBases(repository, from, to)));
    }
  }
}

/** Walks, with the filters and counts that were asked for. */
export async function* commitsOf(
  { repository, env }: GitContext,
  args: Arguments,
  walk: WalkOptions,
): AsyncGenerator<Commit> {
  let skip = Number(args.value("skip") ?? 0);
  let left = Number(args.value("max-count") ?? Infinity);
  if (Number.isNaN(left)) throw fatal(`'${args.value("max-count")}': not an integer`);
  const passes = filterOf(args, env["TZ"]);
  if (left === 0) return;
  for await (const commit of walkHistory(repository, walk)) {
    if (!passes(commit)) continue;
    if (skip > 0) {
      skip -= 1;
      continue;
    }
    yield commit;
    left -= 1;
    if (left === 0) return;
  }
}

function filterOf(args: Arguments, timeZone: string | undefined): (commit: Commit) => boolean {
  const flags = args.has("regexp-ignore-case") ? "im" : "m";
  const patterns = (name: string): RegExp[] =>
    args.values(name).map((text) => new RegExp(text, flags));
  const [authors, committers, greps] = [
    patterns("author"),
    patterns("committer"),
    patterns("grep"),
  ];
  const since = moment(args.value("since") ?? args.value("after"), timeZone) ?? -Infinity;
  const until = moment(args.value("until") ?? args.value("before"), timeZone) ?? Infinity;
  const some = (tests: RegExp[], text: string): boolean =>
    tests.length === 0 || tests.some((test) => test.test(text));
  return ({ parents, author, committer, message }) =>
    !(args.has("merges") && parents.length < 2) &&
    !(args.has("no-merges") && parents.length > 1) &&
    committer.seconds >= since &&
    committer.seconds <= until &&
    some(authors, `${author.name} <${author.email}>`) &&
    some(committers, `${committer.name} <${committer.email}>`) &&
    some(greps, message);
}

const units: Readonly<Record<string, number>> = {
  second: 1,
  minute: 60,
  hour: 3600,
  day: 86_400,
  week: 604_800,
  month: 2_592_000,
  year: 31_536_000,
};

/** A date, or `2 weeks ago`, or `yesterday`. */
function moment(said: string | undefined, timeZone: string | undefined): number | null {
  if (said === undefined) return null;
  const now = Math.floor(Date.now() / 1000);
  if (said === "yesterday") return now - 86_400;
  const [, count, unit = ""] = /^(\d+)[ .]*(\w+?)s?(?:[ .]+ago)?$/.exec(said) ?? [];
  const size = units[unit];
  if (count !== undefined && size !== undefined) return now - Number(count) * size;
  return parseDate(said, timeZone).seconds;
}
