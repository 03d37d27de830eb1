import { failure, fatal } from "../cli/failure.ts";
import { type Arguments, OptionTable, parseArguments } from "../cli/options.ts";
import { isAncestor } from "../history/merge-base.ts";
import { subjectOf } from "../objects/commit.ts";
import { isRefName } from "../refs/refs.ts";
import { fullRefName, upstreamOf } from "../refs/revision.ts";
import type { Config } from "../repository/config.ts";
import type { GitCommand, GitContext } from "../repository/context.ts";
import { readTracking } from "../worktree/status-model.ts";

const options = new OptionTable(
  "a|all r|remotes d|delete D m|move M c|copy C show-current list l f|force v|verbose q|quiet t|track=? " +
    "no-track u|set-upstream-to= unset-upstream merged=? no-merged=? contains=? format= sort= no-color color=? column=? no-column edit-description",
);

export const branch: GitCommand = async (context, words) => {
  const args = parseArguments(options, words);
  if (["edit-description", "copy", "C"].some((name) => args.has(name)))
    throw fatal("this is not supported here; use git branch <name> <start>");
  if (args.has("show-current")) return current(context);
  if (args.has("delete") || args.has("D")) return remove(context, args);
  if (args.has("move") || args.has("M")) return move(context, args);
  if (args.has("set-upstream-to") || args.has("unset-upstream")) return follow(context, args);
  const lists = ["list", "l", "all", "remotes", "merged", "no-merged", "contains", "format"];
  if (args.words.length === 0 || lists.some((name) => args.has(name))) return list(context, args);
  const [name = "", start = "HEAD"] = args.words;
  await createBranch(context, name, start, args.has("force"));
  if (args.has("track")) setUpstream(context, name, start);
  else trackRemote(context, name, start, args.has("no-track"));
  return 0;
};

function current({ repository, output }: GitContext): number {
  if (repository.refs.branch !== null) output.line(repository.refs.branch);
  return 0;
}

/** @throws GitFailure when it exists, or when the name cannot be one */
export async function createBranch(
  context: GitContext,
  name: string,
  start: string,
  isForced: boolean,
): Promise<string> {
  const { refs } = context.repository;
  if (!isRefName(name) || name === "HEAD") throw fatal(`'${name}' is not a valid branch name`);
  const full = `refs/heads/${name}`;
  const exists = refs.resolve(full) !== null;
  if (exists && !isForced) throw fatal(`a branch named '${name}' already exists`);
  if (exists && refs.branch === name)
    throw fatal(
      `cannot force update the branch '${name}' checked out at '${context.repository.top}'`,
    );
  const found = await context.revisions.find(start);
  if (found === null)
    throw fatal(`not a valid object name: '${start === "HEAD" ? (refs.branch ?? start) : start}'`);
  const oid = await context.revisions.peel(found, "commit");
  if (oid === null) throw fatal(`not a valid branch point: '${start}'`);
  refs.write(full, oid, `branch: ${exists ? "Reset to" : "Created from"} ${start}`);
  return oid;
}

/** A branch that starts at a remote one follows it. */
export function trackRemote(context: GitContext, name: string, start: string, isOff = false): void {
  const full = fullRefName(context.repository, start);
  if (!isOff && full?.startsWith("refs/remotes/") === true) setUpstream(context, name, start);
}

function setUpstream(context: GitContext, name: string, start: string): void {
  const { repository, output } = context;
  const full = fullRefName(repository, start);
  if (full === null) throw fatal(`the requested upstream branch '${start}' does not exist`);
  const remote = /^refs\/remotes\/([^/]+)\/(.+)$/.exec(full);
  repository.config.set(`branch.${name}.remote`, remote?.[1] ?? ".", "local");
  repository.config.set(`branch.${name}.merge`, remote ? `refs/heads/${remote[2]}` : full, "local");
  output.line(
    `branch '${name}' set up to track '${full.replace(/^refs\/(?:heads|remotes)\//, "")}'.`,
  );
}

function follow(context: GitContext, args: Arguments): number {
  const { repository } = context;
  const name = args.words[0] ?? repository.refs.branch;
  if (name === null)
    throw fatal("could not set upstream of HEAD when it does not point to any branch");
  const start = args.value("set-upstream-to");
  if (start !== undefined) {
    setUpstream(context, name, start);
    return 0;
  }
  if (upstreamOf(repository, name) === null)
    throw fatal(`Branch '${name}' has no upstream information`);
  repository.config.unset(`branch.${name}.remote`, "local");
  repository.config.unset(`branch.${name}.merge`, "local");
  return 0;
}

async function remove(context: GitContext, args: Arguments): Promise<number> {
  const { repository, output } = context;
  const { refs, config, objects } = repository;
  const isForced = args.has("D") || args.has("force");
  const space = args.has("remotes") ? "refs/remotes/" : "refs/heads/";
  let code = 0;
  if (args.words.length === 0) throw fatal("branch name required");
  for (const name of args.words) {
    const oid = refs.resolve(`${space}${name}`);
    if (oid === null) {
      output.error(
        `error: ${args.has("remotes") ? "remote-tracking branch" : "branch"} '${name}' not found.`,
      );
      code = 1;
    } else if (refs.branch === name && !args.has("remotes")) {
      output.error(`error: Cannot delete branch '${name}' checked out at '${repository.top}'`);
      code = 1;
    } else if (!isForced && !args.has("remotes") && !(await isMerged(context, name, oid))) {
      output.error(
        `error: The branch '${name}' is not fully merged.\n` +
          `If you are sure you want to delete it, run 'git branch -D ${name}'.`,
      );
      code = 1;
    } else {
      refs.delete(`${space}${name}`);
      if (config.subsections("branch").includes(name)) config.removeSection(`branch.${name}`);
      const kind = args.has("remotes") ? "remote-tracking branch" : "branch";
      if (!args.has("quiet")) output.line(`Deleted ${kind} ${name} (was ${objects.short(oid)}).`);
    }
  }
  return code;
}

async function isMerged({ repository }: GitContext, name: string, oid: string): Promise<boolean> {
  const upstream = upstreamOf(repository, name);
  const into =
    (upstream === null ? null : repository.refs.resolve(upstream)) ?? repository.refs.head;
  return into !== null && isAncestor(repository, oid, into);
}

function move({ repository }: GitContext, args: Arguments): number {
  const { refs, config } = repository;
  const [to = "", from = refs.branch ?? ""] = args.words.toReversed();
  if (!isRefName(to)) throw fatal(`'${to}' is not a valid branch name`);
  if (refs.branch === from && refs.head === null) {
    refs.attach(to, null);
    return 0;
  }
  if (refs.resolve(`refs/heads/${from}`) === null)
    throw failure(`refname refs/heads/${from} not found\nfatal: Branch rename failed`, 128);
  const exists = refs.resolve(`refs/heads/${to}`) !== null;
  if (exists && from !== to && !args.has("M") && !args.has("force"))
    throw fatal(`a branch named '${to}' already exists`);
  if (exists && from !== to) refs.delete(`refs/heads/${to}`);
  refs.rename(
    `refs/heads/${from}`,
    `refs/heads/${to}`,
    `Branch: renamed refs/heads/${from} to refs/heads/${to}`,
  );
  moveSettings(config, from, to);
  return 0;
}

/** What is configured for a branch goes with its name. */
function moveSettings(config: Config, from: string, to: string): void {
  const start = `branch.${from}.`;
  const settings = config.all("local").filter(({ key }) => key.startsWith(start));
  if (settings.length > 0) config.removeSection(`branch.${from}`);
  for (const { key, value } of settings)
    config.set(`branch.${to}.${key.slice(start.length)}`, value, "local");
}

interface Listed {
  readonly name: string;
  readonly oid: string;
  readonly isCurrent: boolean;
  readonly full: string;
  /** Of a symbolic reference: where it points, as it is shown. */
  readonly target: string | null;
}

async function list(context: GitContext, args: Arguments): Promise<number> {
  const { output } = context;
  const chosen: Listed[] = [];
  for (const one of listed(context, args)) {
    if (args.words.length > 0 && !args.words.includes(one.name)) continue;
    if (await passes(context, args, one.oid)) chosen.push(one);
  }
  const width = Math.max(0, ...chosen.map(({ name }) => name.length));
  const format = args.value("format");
  for (const one of chosen) {
    const detail = await detailOf(context, one, width, args.count("verbose"));
    output.line(
      format === undefined ? `${one.isCurrent ? "*" : " "} ${detail}` : filled(format, one),
    );
  }
  return 0;
}

function filled(format: string, { name, full, oid }: Listed): string {
  return format
    .replaceAll("%(refname:short)", name)
    .replaceAll("%(refname)", full)
    .replaceAll("%(objectname)", oid);
}

/** The branches in question, with a detached HEAD first. */
function listed({ repository }: GitContext, args: Arguments): Listed[] {
  const { refs, objects } = repository;
  const local = args.has("remotes") ? [] : refs.list("refs/heads/");
  const remote = args.has("remotes") || args.has("all") ? refs.list("refs/remotes/") : [];
  const isDetached = refs.branch === null && refs.head !== null && !args.has("remotes");
  const head = isDetached ? (refs.head ?? "") : "";
  const start = (args.has("all") ? "refs/" : "refs/remotes/").length;
  return [
    ...(isDetached
      ? [
          {
            name: `(HEAD detached at ${objects.short(head)})`,
            oid: head,
            isCurrent: true,
            full: "HEAD",
            target: null,
          },
        ]
      : []),
    ...local.map(({ name, oid }) => {
      const short = name.slice("refs/heads/".length);
      return { name: short, oid, isCurrent: short === refs.branch, full: name, target: null };
    }),
    ...remote.map(({ name, oid }) => {
      const target = refs.target(name);
      const shown = target === null ? null : target.slice("refs/remotes/".length);
      return { name: name.slice(start), oid, isCurrent: false, full: name, target: shown };
    }),
  ];
}

async function passes(context: GitContext, args: Arguments, oid: string): Promise<boolean> {
  const { repository, revisions } = context;
  const commit = async (name: string): Promise<string> =>
    (await revisions.commit(args.value(name) || "HEAD")).oid;
  if (args.has("merged") && !(await isAncestor(repository, oid, await commit("merged"))))
    return false;
  if (args.has("no-merged") && (await isAncestor(repository, oid, await commit("no-merged"))))
    return false;
  return !args.has("contains") || isAncestor(repository, await commit("contains"), oid);
}

async function detailOf(
  context: GitContext,
  { name, oid, full, target }: Listed,
  width: number,
  verbosity: number,
): Promise<string> {
  const { repository } = context;
  const padded = verbosity === 0 ? name : name.padEnd(width);
  if (target !== null) return `${padded} -> ${target}`;
  if (verbosity === 0) return name;
  const { message } = await repository.commit(oid);
  const tracking = full.startsWith("refs/heads/") ? await readTracking(context, name) : null;
  const parts = [
    ...(tracking?.ahead ? [`ahead ${tracking.ahead}`] : []),
    ...(tracking?.behind ? [`behind ${tracking.behind}`] : []),
    ...(tracking?.isGone ? ["gone"] : []),
  ];
  const far = parts.join(", ");
  const whole = tracking === null ? "" : `${tracking.name}${far === "" ? "" : `: ${far}`}`;
  const said = verbosity > 1 ? whole : far;
  const follows = said === "" ? "" : ` [${said}]`;
  return `${padded} ${repository.objects.short(oid)}${follows} ${subjectOf(message)}`;
}
