import { fatal } from "../cli/failure.ts";
import { OptionTable, parseArguments } from "../cli/options.ts";
import type { GitCommand } from "../repository/context.ts";
import { createBranch, trackRemote } from "./branch.ts";
import { fromRemote } from "./checkout.ts";
import { goTo, meaning, orphan, remoteBranch } from "./switching.ts";

const options = new OptionTable(
  "c|create= C|force-create= d|detach f|force discard-changes q|quiet orphan= t|track=? no-track guess no-guess m|merge",
);

export const switchBranch: GitCommand = async (context, words) => {
  const args = parseArguments(options, words);
  const { refs } = context.repository;
  const orphaned = args.value("orphan");
  if (orphaned !== undefined) return orphan(context, orphaned);
  const isForced = args.has("force") || args.has("discard-changes");
  const shape = { isForced, isQuiet: args.has("quiet") };
  const created = args.value("create") ?? args.value("force-create");
  if (created !== undefined) {
    const start = meaning(context, args.words[0] ?? "HEAD");
    if (refs.head === null) {
      refs.attach(created, null);
      context.output.error(`Switched to a new branch '${created}'`);
      return 0;
    }
    await createBranch(context, created, start, args.has("force-create"));
    const code = await goTo(context, { said: start, branch: created, isNew: true, ...shape });
    trackRemote(context, created, start, args.has("no-track"));
    return code;
  }
  const [first] = args.words;
  if (first === undefined) throw fatal("missing branch or commit argument");
  const said = meaning(context, first);
  if (args.has("detach")) return goTo(context, { said, branch: null, isNew: false, ...shape });
  if (refs.resolve(`refs/heads/${said}`) !== null)
    return goTo(context, { said, branch: said, isNew: false, ...shape });
  if ((await context.revisions.find(said)) !== null)
    throw fatal(
      `a branch is expected, got commit '${said}'\nhint: If you want to detach HEAD at the commit, try again with the --detach option.`,
    );
  const remote = remoteBranch(context, said);
  if (remote === null) throw fatal(`invalid reference: ${said}`);
  return fromRemote(context, said, remote, args.has("quiet"));
};
