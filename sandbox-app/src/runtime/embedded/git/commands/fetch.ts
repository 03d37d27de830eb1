import { fatal } from "../cli/failure.ts";
import { type Arguments, OptionTable, parseArguments } from "../cli/options.ts";
import { type FetchOptions, fetchRefs, type TagMode } from "../remote/fetch-refs.ts";
import { parseRefspec } from "../remote/refspec.ts";
import { defaultRemote, remoteSettings } from "../remote/remote-settings.ts";
import type { GitCommand, GitContext } from "../repository/context.ts";
import { depthOf, showsProgress } from "./network-options.ts";

const options = new OptionTable(
  "q|quiet v|verbose progress no-progress depth= unshallow t|tags n|no-tags p|prune no-prune f|force all dry-run a|append " +
    "u|update-head-ok j|jobs= recurse-submodules=? no-recurse-submodules no-auto-gc no-auto-maintenance multiple filter=",
);

export const fetch: GitCommand = async (context, words) => {
  const args = parseArguments(options, words);
  if (args.has("filter")) throw fatal("partial clones are not made here; use --depth");
  if (args.has("multiple")) throw fatal("fetch one remote after the other, or --all");
  if (args.has("all")) return fetchAll(context, args);
  const [name, ...specs] = args.words;
  const action = ["fetch", ...words].join(" ");
  return (await fetchFrom(context, args, { name, specs, action })) ? 0 : 1;
};

async function fetchAll(context: GitContext, args: Arguments): Promise<number> {
  let isComplete = true;
  const names = context.repository.config.subsections("remote");
  for (const name of names) {
    if (!args.has("quiet") && names.length > 1) context.output.line(`Fetching ${name}`);
    const action = names.length > 1 ? oneOfMany(args, name) : "fetch --all";
    isComplete = (await fetchFrom(context, args, { name, specs: [], action })) && isComplete;
  }
  return isComplete ? 0 : 1;
}

/** How git calls itself for each of several remotes, which the logs tell. */
export function oneOfMany(args: Arguments, name: string): string {
  const quiet = args.has("quiet") ? "-q " : "";
  return `fetch --append --no-auto-gc --no-write-commit-graph ${quiet}${name}`;
}

export interface FetchFrom {
  /** A remote or a URL; undefined: the one that the branch follows. */
  readonly name: string | undefined;
  readonly specs: readonly string[];
  /** What the logs of references call it. */
  readonly action: string;
}

/** @returns whether all references could be kept */
export function fetchFrom(
  context: GitContext,
  args: Arguments,
  { name, specs, action }: FetchFrom,
): Promise<boolean> {
  const { repository } = context;
  const { config } = repository;
  const depth = depthOf(args);
  if (args.has("unshallow") && repository.shallow.size === 0)
    throw fatal("--unshallow on a complete repository does not make sense");
  const remote = remoteSettings(repository, name ?? defaultRemote(repository));
  const isPruning =
    args.has("prune") ||
    config.isOn(`remote.${remote.name ?? ""}.prune`, config.isOn("fetch.prune", false));
  const fetching: FetchOptions = {
    remote,
    said: specs.map(parseRefspec),
    tags: tagMode(context, args, remote.name),
    depth,
    prunes: isPruning && !args.has("no-prune"),
    isForced: args.has("force"),
    isQuiet: args.has("quiet"),
    isVerbose: args.has("verbose"),
    showsProgress: showsProgress(context, args),
    updatesHead: args.has("update-head-ok"),
    isDry: args.has("dry-run"),
    appends: args.has("append"),
    action,
  };
  return fetchRefs(context, fetching);
}

/** Tags come along from a remote that has a name, unless somebody says otherwise. */
function tagMode(
  { repository: { config } }: GitContext,
  args: Arguments,
  name: string | null,
): TagMode {
  if (args.has("tags")) return "all";
  if (args.has("no-tags") || name === null) return "none";
  const configured = config.get(`remote.${name}.tagopt`);
  if (configured === "--no-tags") return "none";
  return configured === "--tags" ? "all" : "follow";
}
