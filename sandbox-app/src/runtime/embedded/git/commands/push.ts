import { fatal, GitFailure } from "../cli/failure.ts";
import { type Arguments, OptionTable, parseArguments } from "../cli/options.ts";
import type { Advertisement } from "../remote/advertisement.ts";
import { HttpTransport } from "../remote/http-transport.ts";
import { type Lease, planPush, type PushedRef } from "../remote/push-plan.ts";
import { type PushResult, PushTable, resultOf } from "../remote/push-table.ts";
import { mapRef, parseRefspec } from "../remote/refspec.ts";
import { defaultRemote, type RemoteSettings, remoteSettings } from "../remote/remote-settings.ts";
import { type PushReport, sendPack } from "../remote/send-pack.ts";
import { NO_OBJECT } from "../refs/refs.ts";
import type { GitCommand, GitContext } from "../repository/context.ts";
import { defaultSpecs } from "./push-default.ts";
import { showsProgress } from "./network-options.ts";

const options = new OptionTable(
  "q|quiet v|verbose progress no-progress u|set-upstream f|force force-with-lease=? no-force-with-lease d|delete tags all " +
    "n|dry-run porcelain atomic no-atomic verify no-verify thin no-thin follow-tags no-follow-tags mirror prune signed=? " +
    "o|push-option= recurse-submodules= no-recurse-submodules force-if-includes no-force-if-includes",
);

export const push: GitCommand = async (context, words) => {
  const args = parseArguments(options, words);
  refuse(args);
  const { repository, system, output } = context;
  const [name = defaultRemote(repository), ...said] = args.words;
  const isKnown = repository.config.get(`remote.${name}.url`) !== undefined;
  if (args.words.length === 0 && !isKnown) throw noRemote();
  const remote = remoteSettings(repository, name);
  const specs = specsOf(context, args, remote, said);
  const transport = new HttpTransport(system, remote.pushUrl);
  const advertisement = await transport.advertise("git-receive-pack");
  const tracked = (ref: string): string | null => trackingName(remote, ref);
  const planned = await planPush(context, advertisement, {
    specs,
    isForced: args.has("force"),
    leases: leasesOf(context, args),
    url: remote.pushUrl,
    tracked: (ref) => {
      const local = tracked(ref);
      return local === null ? null : repository.refs.resolve(local);
    },
  });
  const isStopped = args.has("atomic") && planned.some(({ state }) => state.kind === "rejected");
  const changes = isStopped ? [] : planned.filter(({ state }) => state.kind === "send");
  const report = await sent(context, args, { transport, advertisement, changes });
  const results = inOrder(planned, advertisement).map((ref) =>
    resultOf(repository, ref, report.get(ref.to), isStopped),
  );
  const table = new PushTable(output, remote.pushUrl, {
    isPorcelain: args.has("porcelain"),
    isVerbose: args.has("verbose"),
    isQuiet: args.has("quiet"),
  });
  return table.show(results, repository.refs.target("HEAD"), () => {
    if (!args.has("dry-run")) follow(context, args, remote, results);
  });
};

function refuse(args: Arguments): void {
  const missing = ["mirror", "prune", "signed", "push-option", "follow-tags"];
  const said = missing.find((name) => args.has(name));
  if (said !== undefined)
    throw fatal(`--${said} is not supported here; name what is to be pushed or deleted`);
}

function specsOf(
  context: GitContext,
  args: Arguments,
  remote: RemoteSettings,
  said: readonly string[],
) {
  if (args.has("delete")) {
    if (said.length === 0) throw fatal("--delete doesn't make sense without any refs");
    return said.map((name) => parseRefspec(`:${name}`));
  }
  const wide = [
    ...(args.has("all") ? ["refs/heads/*:refs/heads/*"] : []),
    ...(args.has("tags") ? ["refs/tags/*:refs/tags/*"] : []),
  ];
  const all = said.flatMap((one, at) =>
    one === "tag" ? [] : [said[at - 1] === "tag" ? `refs/tags/${one}` : one],
  );
  const named = [...all, ...wide].map(parseRefspec);
  return named.length > 0 ? named : defaultSpecs(context.repository, remote);
}

/** `--force-with-lease`, with or without the names and objects that are expected. */
function leasesOf({ repository }: GitContext, args: Arguments): readonly Lease[] | null {
  if (!args.has("force-with-lease") || args.has("no-force-with-lease")) return null;
  return args
    .values("force-with-lease")
    .filter((value) => value !== "")
    .map((value) => {
      const [ref = "", expected] = value.split(":");
      if (expected === undefined) return { ref, expected: null };
      const found = /^[0-9a-f]{40}$/.test(expected) ? expected : repository.refs.resolve(expected);
      return { ref, expected: expected === "" ? NO_OBJECT : (found ?? expected) };
    });
}

interface Sending {
  readonly transport: HttpTransport;
  readonly advertisement: Advertisement;
  readonly changes: readonly PushedRef[];
}

async function sent(context: GitContext, args: Arguments, sending: Sending): Promise<PushReport> {
  if (sending.changes.length === 0) return new Map();
  if (args.has("dry-run")) return new Map(sending.changes.map(({ to }) => [to, null]));
  const { repository, output } = context;
  return sendPack({
    ...sending,
    repository,
    output,
    isAtomic: args.has("atomic"),
    isQuiet: args.has("quiet"),
    showsProgress: showsProgress(context, args),
  });
}

/** What the remote has comes first, in its order. */
function inOrder(planned: readonly PushedRef[], { refs }: Advertisement): PushedRef[] {
  const place = new Map(refs.map(({ name }, at) => [name, at]));
  const at = ({ to }: PushedRef): number => place.get(to) ?? Infinity;
  return planned.toSorted((one, other) => (at(one) === at(other) ? 0 : at(one) - at(other)));
}

function trackingName({ fetch }: RemoteSettings, ref: string): string | null {
  for (const spec of fetch) {
    const local = mapRef(spec, ref);
    if (local !== null && local !== "") return local;
  }
  return null;
}

/** What follows the remote follows it at once, and what is to follow it does from now on. */
function follow(
  { repository, output }: GitContext,
  args: Arguments,
  remote: RemoteSettings,
  results: readonly PushResult[],
): void {
  const { refs, config } = repository;
  for (const { ref, isDone } of results) {
    if (!isDone) continue;
    const full = ref.from === "HEAD" ? refs.target("HEAD") : ref.from;
    const branch = /^refs\/heads\/(.+)$/.exec(full ?? "")?.[1];
    if (args.has("set-upstream") && branch !== undefined && ref.to.startsWith("refs/heads/")) {
      const place = remote.name ?? remote.url;
      config.set(`branch.${branch}.remote`, place, "local");
      config.set(`branch.${branch}.merge`, ref.to, "local");
      const shown = `${place}/${ref.to.slice("refs/heads/".length)}`;
      if (!args.has("quiet")) output.line(`branch '${branch}' set up to track '${shown}'.`);
    }
    const local = trackingName(remote, ref.to);
    if (local === null || refs.resolve(local) === ref.after) continue;
    if (ref.after !== NO_OBJECT) refs.write(local, ref.after, "update by push");
    else if (refs.resolve(local) !== null) refs.delete(local);
  }
}

function noRemote(): GitFailure {
  return new GitFailure(
    "fatal: No configured push destination.\n" +
      "Either specify the URL from the command-line or configure a remote repository using\n\n" +
      "    git remote add <name> <url>\n\nand then push using the remote name\n\n    git push <name>\n",
    128,
  );
}
