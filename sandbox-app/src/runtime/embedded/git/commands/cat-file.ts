import { fatal, GitFailure } from "../cli/failure.ts";
import { OptionTable, parseArguments } from "../cli/options.ts";
import { decode } from "../objects/bytes.ts";
import { modeText, parseTree, typeOfMode } from "../objects/tree.ts";
import type { ObjectType } from "../objects/object-store.ts";
import type { GitCommand, GitContext } from "../repository/context.ts";

const options = new OptionTable("t s e p batch=? batch-check=?");

export const catFile: GitCommand = async (context, words) => {
  const args = parseArguments(options, words);
  if (args.has("batch") || args.has("batch-check")) return batch(context, args.has("batch"));
  const [said = "", second] = args.words.toReversed();
  const found = await context.revisions.find(said);
  if (args.has("e")) {
    if (found === null) throw new GitFailure("", 1);
    return 0;
  }
  if (found === null) throw fatal(`Not a valid object name ${said}`);
  const oid =
    second === undefined ? found : await context.revisions.peel(found, second as ObjectType);
  if (oid === null) throw fatal(`git cat-file ${said}: bad file`);
  const { type, content } = await context.repository.objects.read(oid);
  const { output } = context;
  if (args.has("t")) output.line(type);
  else if (args.has("s")) output.line(String(content.length));
  else if (type === "tree" && args.has("p"))
    for (const { mode, oid: name, name: path } of parseTree(content))
      output.line(
        `${modeText(mode)} ${typeOfMode(mode)} ${name}\t${context.repository.quote(path)}`,
      );
  else output.bytes(content);
  return 0;
};

async function batch(context: GitContext, hasContent: boolean): Promise<number> {
  const { output, repository } = context;
  for (const line of decode(await context.readInput()).split("\n")) {
    if (line === "") continue;
    const oid = await context.revisions.find(line);
    if (oid === null) {
      output.line(`${line} missing`);
      continue;
    }
    const { type, content } = await repository.objects.read(oid);
    output.line(`${oid} ${type} ${content.length}`);
    if (!hasContent) continue;
    output.bytes(content);
    output.text("\n");
  }
  return 0;
}
