import { fatal } from "../cli/failure.ts";
import { OptionTable, parseArguments } from "../cli/options.ts";
import { diffOptions, diffViewOf } from "../diff/show-diff.ts";
import { type Commit, formatSignature, parseTag } from "../objects/commit.ts";
import { Mode, parseTree } from "../objects/tree.ts";
import { formatDate } from "../repository/dates.ts";
import type { GitCommand, GitContext } from "../repository/context.ts";
import { CommitPrinter } from "./commit-printer.ts";
import { logOptions, logPretty } from "./log.ts";
import { splitWords } from "./words.ts";

const options = new OptionTable(`${logOptions} ${diffOptions}`);

export const show: GitCommand = async (context, words) => {
  const args = parseArguments(options, words);
  const { repository } = context;
  const { revisions, paths } = await splitWords(context, args);
  if (revisions.length === 0 && repository.refs.head === null)
    throw fatal(
      `your current branch '${repository.refs.branch ?? "HEAD"}' does not have any commits yet`,
    );
  const printer = await CommitPrinter.make(context, logPretty(args), {
    view: diffViewOf(args, repository, args.has("no-patch") ? [] : ["patch"]),
    decorate: args.value("decorate") ?? (args.has("no-decorate") ? "no" : "auto"),
    pathspec: paths.length === 0 ? null : context.pathspec(paths),
    mergesToo: args.has("first-parent") || args.has("m"),
    isShow: true,
  });
  for (const word of revisions.length === 0 ? ["HEAD"] : revisions) {
    await showObject(context, word, await context.revisions.get(word), printer);
  }
  return 0;
};

async function showObject(
  context: GitContext,
  said: string,
  oid: string,
  printer: CommitPrinter,
): Promise<void> {
  const { repository, output } = context;
  const { type, content } = await repository.objects.read(oid);
  if (type === "blob") {
    output.bytes(content);
  } else if (type === "tree") {
    const names = parseTree(content).map(
      ({ name, mode }) => `${name}${mode === Mode.directory ? "/" : ""}\n`,
    );
    output.text(`tree ${said}\n\n${names.join("")}`);
  } else if (type === "tag") {
    const tag = parseTag(content);
    const who = tag.tagger === null ? "" : formatSignature(tag.tagger).replace(/ \d+ [+-]\d+$/, "");
    const date = tag.tagger === null ? "" : `Date:   ${formatDate(tag.tagger, "default")}\n`;
    output.text(`tag ${tag.name}\nTagger: ${who}\n${date}\n${tag.message}\n`);
    await showObject(context, tag.object, tag.object, printer);
  } else {
    const commit: Commit = await repository.commit(oid);
    await printer.print(commit);
  }
}
