import { OptionTable, parseArguments } from "../cli/options.ts";
import { HttpTransport } from "../remote/http-transport.ts";
import { defaultRemote, remoteSettings } from "../remote/remote-settings.ts";
import { globPattern } from "../worktree/glob.ts";
import type { GitCommand, GitContext } from "../repository/context.ts";

const options = new OptionTable(
  "q|quiet h|heads t|tags refs exit-code symref get-url sort= server-option=",
);

/** Exit code when `--exit-code` was said and nothing was found (git-ls-remote(1)). */
const NOTHING_FOUND = 2;

export const lsRemote: GitCommand = async (context, words) => {
  const args = parseArguments(options, words);
  const [said, ...patterns] = args.words;
  const { output } = context;
  const url = urlOf(context, said);
  if (args.has("get-url")) {
    output.line(url);
    return 0;
  }
  const { refs, head, headBranch } = await new HttpTransport(context.system, url).advertise(
    "git-upload-pack",
  );
  if (said === undefined && !args.has("quiet")) output.error(`From ${url}`);
  const rows = refs.flatMap(({ name, oid, peeled }) => {
    const own = { name, oid };
    return peeled === null || args.has("refs") ? [own] : [own, { name: `${name}^{}`, oid: peeled }];
  });
  const isOnly = args.has("heads") || args.has("tags");
  if (head !== null && !isOnly && !args.has("refs")) rows.unshift({ name: "HEAD", oid: head });
  const wanted = rows.filter(({ name }) => {
    const isKind =
      !isOnly ||
      (args.has("heads") && name.startsWith("refs/heads/")) ||
      (args.has("tags") && name.startsWith("refs/tags/"));
    return isKind && (patterns.length === 0 || patterns.some((one) => matches(one, name)));
  });
  for (const { name, oid } of wanted) {
    if (name === "HEAD" && args.has("symref") && headBranch !== null)
      output.line(`ref: ${headBranch}\tHEAD`);
    output.line(`${oid}\t${name}`);
  }
  return wanted.length === 0 && args.has("exit-code") ? NOTHING_FOUND : 0;
};

/** Of a remote, or what was said itself; works outside of repositories too. */
function urlOf(context: GitContext, said: string | undefined): string {
  if (said !== undefined && /^[a-z]+:\/\//i.test(said)) return said;
  const { repository } = context;
  return remoteSettings(repository, said ?? defaultRemote(repository)).url;
}

/** A pattern stands for the end of a name, from a slash on (git's tail_match). */
function matches(pattern: string, name: string): boolean {
  return new RegExp(`^${globPattern(`*/${pattern}`, true)}$`, "su").test(`/${name}`);
}
