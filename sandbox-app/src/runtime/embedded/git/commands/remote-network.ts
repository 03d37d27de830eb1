import { fatal } from "../cli/failure.ts";
import type { Arguments } from "../cli/options.ts";
import type { Advertisement } from "../remote/advertisement.ts";
import { HttpTransport } from "../remote/http-transport.ts";
import { staleRefs } from "../remote/fetch-refs.ts";
import { mapRef, prettyRef } from "../remote/refspec.ts";
import { type RemoteSettings, remoteSettings } from "../remote/remote-settings.ts";
import type { GitContext } from "../repository/context.ts";
import { fetchFrom, oneOfMany } from "./fetch.ts";

/** What of `git remote` asks the remote itself. */
export async function remoteOverNetwork(context: GitContext, args: Arguments): Promise<number> {
  const [action, ...names] = args.words;
  if (action === "update") return updateRemotes(context, args, names);
  if (names.length === 0) throw fatal(`git remote ${action} needs the name of a remote`);
  for (const name of names) {
    const remote = remoteSettings(context.repository, name);
    const transport = new HttpTransport(context.system, remote.url);
    const advertisement = await transport.advertise("git-upload-pack");
    if (action === "prune") prune(context, args, remote, advertisement);
    else show(context, name, remote, advertisement);
  }
  return 0;
}

/** Fetches the named remotes, or all of them. */
export async function updateRemotes(
  context: GitContext,
  args: Arguments,
  names: readonly string[],
): Promise<number> {
  const { config } = context.repository;
  let isComplete = true;
  const all = names.length > 0 ? names : config.subsections("remote");
  for (const name of all) {
    if (args.has("fetch")) context.output.line(`Updating ${name}`);
    else if (names.length > 0 || all.length > 1) context.output.line(`Fetching ${name}`);
    const isAlone = names.length === 0 && all.length === 1;
    const action = args.has("fetch")
      ? `fetch ${name}`
      : isAlone
        ? "fetch --multiple --all"
        : oneOfMany(args, name);
    const done = await fetchFrom(context, args, { name, specs: [], action });
    isComplete = done && isComplete;
  }
  return isComplete ? 0 : 1;
}

function prune(
  { repository, output }: GitContext,
  args: Arguments,
  remote: RemoteSettings,
  { refs }: Advertisement,
): void {
  const stale = staleRefs(repository, remote.fetch, refs);
  if (stale.length === 0) return;
  output.line(`Pruning ${remote.name}`);
  output.line(`URL: ${remote.url}`);
  const isDry = args.has("dry-run");
  for (const name of stale) {
    if (!isDry) repository.refs.delete(name);
    output.line(` * [${isDry ? "would prune" : "pruned"}] ${prettyRef(name)}`);
  }
}

/** As git shows it, but for what it would push. */
function show(
  { repository, output }: GitContext,
  name: string,
  remote: RemoteSettings,
  { refs, headBranch }: Advertisement,
): void {
  output.line(`* remote ${name}`);
  output.line(`  Fetch URL: ${remote.url}`);
  output.line(`  Push  URL: ${remote.pushUrl}`);
  output.line(`  HEAD branch: ${headBranch === null ? "(unknown)" : prettyRef(headBranch)}`);
  const branches = refs.filter(({ name: ref }) => ref.startsWith("refs/heads/"));
  const rows = branches.map(({ name: ref }): [string, string] => {
    const local = remote.fetch.map((spec) => mapRef(spec, ref)).find((one) => one !== null);
    const isKept = local !== undefined && repository.refs.resolve(local) !== null;
    return [prettyRef(ref), isKept ? "tracked" : `new (next fetch will store in remotes/${name})`];
  });
  const stale = staleRefs(repository, remote.fetch, refs).map((ref): [string, string] => [
    ref,
    "stale (use 'git remote prune' to remove)",
  ]);
  const all = [...rows, ...stale];
  if (all.length === 0) return;
  output.line(`  Remote branch${all.length === 1 ? "" : "es"}:`);
  const width = Math.max(...all.map(([branch]) => branch.length));
  for (const [branch, state] of all) output.line(`    ${branch.padEnd(width)} ${state}`);
}
