import { fatal } from "../cli/failure.ts";
import { type Arguments, OptionTable, parseArguments } from "../cli/options.ts";
import { Mode, modeText, type TreeEntry, typeOfMode } from "../objects/tree.ts";
import type { GitCommand, GitContext } from "../repository/context.ts";
import { fromTop } from "../worktree/pathspec.ts";

const options = new OptionTable(
  "r d t l|long z name-only name-status full-name full-tree abbrev=?",
);

export const lsTree: GitCommand = async (context, words) => {
  const args = parseArguments(options, words);
  const [said, ...paths] = args.words;
  if (said === undefined) throw fatal("usage: git ls-tree [<options>] <tree-ish> [<path>...]");
  const found = await context.revisions.find(said);
  if (found === null) throw fatal(`Not a valid object name ${said}`);
  const { repository } = context;
  const prefix = args.has("full-tree") ? "" : repository.prefix;
  const wanted = paths.map((path) => ({
    path: fromTop(path, prefix, repository.top),
    isInside: path.endsWith("/"),
  }));
  if (wanted.length === 0 && prefix !== "")
    wanted.push({ path: prefix.slice(0, -1), isInside: true });
  await list(context, args, await context.revisions.tree(said), "", wanted);
  return 0;
};

type Wanted = readonly { readonly path: string; readonly isInside: boolean }[];

async function list(
  context: GitContext,
  args: Arguments,
  tree: string,
  below: string,
  wanted: Wanted,
): Promise<void> {
  for (const entry of await context.repository.tree(tree)) {
    const path = `${below}${entry.name}`;
    const isDirectory = entry.mode === Mode.directory;
    const isUnder =
      wanted.length === 0 ||
      wanted.some((one) => path === one.path || path.startsWith(`${one.path}/`) || one.path === "");
    const leadsOn = wanted.some(
      (one) => one.path.startsWith(`${path}/`) || (one.path === path && one.isInside),
    );
    const goesDown = isDirectory && (leadsOn || (isUnder && args.has("r") && !args.has("d")));
    const isShown =
      isUnder &&
      !(isDirectory && wanted.some((one) => one.path === path && one.isInside)) &&
      (!goesDown || args.has("t")) &&
      (!args.has("d") || isDirectory);
    if (isShown) await say(context, args, entry, path);
    if (goesDown) await list(context, args, entry.oid, `${path}/`, wanted);
  }
}

async function say(
  context: GitContext,
  args: Arguments,
  entry: TreeEntry,
  path: string,
): Promise<void> {
  const { repository, output } = context;
  const relative =
    args.has("full-name") || args.has("full-tree") ? path : repository.relative(path);
  const shown = args.has("z") ? relative : repository.quote(relative);
  const end = args.has("z") ? "\0" : "\n";
  if (args.has("name-only") || args.has("name-status")) {
    output.text(`${shown}${end}`);
    return;
  }
  const type = typeOfMode(entry.mode);
  const size =
    type === "blob" ? String((await repository.objects.read(entry.oid)).content.length) : "-";
  const long = args.has("long") ? ` ${size.padStart(7)}` : "";
  const oid = args.has("abbrev")
    ? repository.objects.short(entry.oid, Number(args.value("abbrev") || 7))
    : entry.oid;
  output.text(`${modeText(entry.mode)} ${type} ${oid}${long}\t${shown}${end}`);
}
