import { fatal, GitFailure } from "../cli/failure.ts";
import { interruptible } from "../cli/interruption.ts";
import { type Arguments, OptionTable, parseArguments } from "../cli/options.ts";
import type { Advertisement } from "../remote/advertisement.ts";
import { fetchPack } from "../remote/fetch-pack.ts";
import { HttpTransport } from "../remote/http-transport.ts";
import { type FetchedRef, followedTags, mapAll, refuseClashes } from "../remote/map-refs.ts";
import { parseRefspec } from "../remote/refspec.ts";
import { isRefName } from "../refs/refs.ts";
import { type GitCommand, GitContext } from "../repository/context.ts";
import { absolute } from "../repository/repository.ts";
import { init } from "./init.ts";
import { depthOf, showsProgress } from "./network-options.ts";
import { checkoutFirst } from "./first-checkout.ts";

const options = new OptionTable(
  "q|quiet v|verbose progress no-progress depth= b|branch= o|origin= single-branch no-single-branch " +
    "no-tags tags n|no-checkout c|config= no-hardlinks l|local bare mirror recurse-submodules=? recursive filter= " +
    "j|jobs= shallow-since= shallow-submodules",
);

export const clone: GitCommand = async (context, words) => {
  const args = parseArguments(options, words);
  refuse(args);
  const [url, said] = args.words;
  if (url === undefined)
    throw new GitFailure("fatal: You must specify a repository to clone.", 129);
  const transport = new HttpTransport(context.system, url);
  const directory = said ?? directoryOf(url);
  const top = absolute(context.cwd, directory);
  const { disk, output } = context;
  const existed = disk.status(top) !== undefined;
  if (existed && (!disk.isDirectory(top) || disk.list(top).length > 0))
    throw fatal(`destination path '${directory}' already exists and is not an empty directory.`);
  if (!args.has("quiet")) output.error(`Cloning into '${directory}'...`);
  await output.flush();
  try {
    return await interruptible(context.system, () => cloneInto(context, args, transport, top));
  } catch (error) {
    // Nothing stays of a clone that failed or was interrupted, as with git.
    if (existed) for (const { name } of disk.list(top)) disk.remove(`${top}/${name}`);
    else disk.remove(top);
    throw error;
  }
};

function refuse(args: Arguments): void {
  if (["bare", "mirror"].some((name) => args.has(name)))
    throw fatal("bare clones are not made here; git clone --no-checkout leaves the files out");
  if (["recurse-submodules", "recursive", "shallow-submodules"].some((name) => args.has(name)))
    throw fatal("submodules are not cloned here; clone each of them by itself");
  if (args.has("filter")) throw fatal("partial clones are not made here; use --depth");
  if (args.has("shallow-since")) throw fatal("history is cut off by --depth only here");
}

/** `owner/name.git` makes `name`. */
function directoryOf(url: string): string {
  const name = /([^/]+?)(?:\.git)?\/*$/.exec(new URL(url).pathname)?.[1] ?? "";
  const clean = decodeURIComponent(name).replaceAll(/[\0-\x20\x7f]+/g, "-");
  if (clean === "" || clean === "." || clean === "..")
    throw fatal(
      "No directory name could be guessed.\nPlease specify a directory on the command line",
    );
  return clean;
}

async function cloneInto(
  outer: GitContext,
  args: Arguments,
  transport: HttpTransport,
  top: string,
): Promise<number> {
  const advertisement = await transport.advertise("git-upload-pack");
  const start = startOf(outer, args, advertisement);
  await init(outer, ["--quiet", "--initial-branch", start.branch ?? "main", "--", top]);
  const context = new GitContext({ ...partsOf(outer), cwd: top });
  const { repository, output } = context;
  const { url } = transport;
  const depth = depthOf(args);
  const isSingle = args.has("single-branch") || (depth !== null && !args.has("no-single-branch"));
  const remote = args.value("origin") ?? "origin";
  const spec = fetchSpec(remote, start, isSingle);
  configure(context, args, { remote, url, spec });
  const fetched = refsOf(advertisement, spec, isSingle || args.has("no-tags"));
  refuseClashes(fetched, repository.refs);
  const wants = [...fetched.map(({ oid }) => oid), ...(start.oid === null ? [] : [start.oid])];
  const getting = { repository, transport, output, advertisement, wants, depth };
  if (wants.length > 0)
    await fetchPack({ ...getting, showsProgress: showsProgress(context, args) });
  if (isSingle && !args.has("no-tags")) fetched.push(...tagsBeside(context, advertisement));
  writeRefs(context, fetched, { remote, url, headBranch: advertisement.headBranch });
  if (start.oid === null) {
    output.error("warning: You appear to have cloned an empty repository.");
    return 0;
  }
  return checkoutFirst(context, args, { ...start, oid: start.oid, url, remote });
}

interface Configured {
  readonly remote: string;
  readonly url: string;
  readonly spec: string | null;
}

function configure(
  { repository: { config } }: GitContext,
  args: Arguments,
  { remote, url, spec }: Configured,
): void {
  if (!isRefName(remote)) throw fatal(`'${remote}' is not a valid remote name`);
  for (const setting of args.values("config")) {
    const [, key = "", value = "true"] = /^([^=]*)(?:=(.*))?$/s.exec(setting) ?? [];
    config.set(key, value, "local");
  }
  config.set(`remote.${remote}.url`, url, "local");
  if (spec !== null) config.set(`remote.${remote}.fetch`, spec, "local");
  if (args.has("no-tags")) config.set(`remote.${remote}.tagopt`, "--no-tags", "local");
}

function partsOf({ system, disk, output, env, said }: GitContext) {
  // What the environment says of another repository is none of the new one's business.
  const { GIT_DIR: _dir, GIT_WORK_TREE: _tree, ...rest } = env;
  return { system, disk, output, env: rest, said };
}

/** Where the clone begins. */
interface Start {
  /** Short name; null: HEAD is detached. */
  readonly branch: string | null;
  /** Short name of a tag that HEAD is put on. */
  readonly tag: string | null;
  readonly oid: string | null;
}

function startOf(
  context: GitContext,
  args: Arguments,
  { refs, head, headBranch }: Advertisement,
): Start {
  const said = args.value("branch");
  const find = (name: string): string | null => refs.find((ref) => ref.name === name)?.oid ?? null;
  if (said !== undefined) {
    const branch = find(`refs/heads/${said}`);
    if (branch !== null) return { branch: said, tag: null, oid: branch };
    const tag = find(`refs/tags/${said}`);
    if (tag !== null) return { branch: null, tag: said, oid: tag };
    throw fatal(`Remote branch ${said} not found in upstream ${args.value("origin") ?? "origin"}`);
  }
  if (headBranch !== null && head !== null)
    return { branch: headBranch.slice("refs/heads/".length), tag: null, oid: head };
  if (head !== null) return { branch: null, tag: null, oid: head };
  return { branch: defaultBranch(context), tag: null, oid: null };
}

/** Of an empty remote, which says nothing of it. */
function defaultBranch({ said }: GitContext): string {
  const named = said.findLast((setting) => setting.startsWith("init.defaultBranch="));
  return named?.split("=")[1] ?? "master";
}

function fetchSpec(remote: string, { branch, tag }: Start, isSingle: boolean): string | null {
  if (!isSingle) return `+refs/heads/*:refs/remotes/${remote}/*`;
  if (branch !== null) return `+refs/heads/${branch}:refs/remotes/${remote}/${branch}`;
  return tag === null ? null : `+refs/tags/${tag}:refs/tags/${tag}`;
}

function refsOf({ refs }: Advertisement, spec: string | null, leavesTags: boolean): FetchedRef[] {
  const specs = [
    ...(spec === null ? [] : [parseRefspec(spec)]),
    ...(leavesTags ? [] : [parseRefspec("refs/tags/*:refs/tags/*")]),
  ];
  return mapAll(refs, specs);
}

/** Of one branch, the tags that came with it. */
function tagsBeside({ repository }: GitContext, advertisement: Advertisement): FetchedRef[] {
  const isHere = (oid: string): boolean => repository.objects.has(oid);
  return followedTags(advertisement, repository.refs, isHere)
    .filter(({ oid }) => isHere(oid))
    .map(({ name, oid }) => ({ name, oid, local: name, isForced: false, isForMerge: false }));
}

interface Written {
  readonly remote: string;
  readonly url: string;
  readonly headBranch: string | null;
}

/** As git does: the references packed, the remote's HEAD a link, and one entry in each log. */
function writeRefs(
  { repository }: GitContext,
  fetched: readonly FetchedRef[],
  written: Written,
): void {
  const { refs } = repository;
  const { remote, url, headBranch } = written;
  const byName = new Map(fetched.map(({ local, oid }) => [local ?? "", oid]));
  refs.writePacked([...byName].map(([name, oid]) => ({ name, oid })));
  const followed = `refs/remotes/${remote}/${headBranch?.slice("refs/heads/".length) ?? ""}`;
  if (headBranch !== null && byName.has(followed))
    refs.link(`refs/remotes/${remote}/HEAD`, followed, `clone: from ${url}`);
}
