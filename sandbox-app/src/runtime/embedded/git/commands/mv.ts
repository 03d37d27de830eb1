import { fatal } from "../cli/failure.ts";
import { OptionTable, parseArguments } from "../cli/options.ts";
import { baseName } from "../repository/disk.ts";
import type { GitCommand, GitContext } from "../repository/context.ts";
import { fromTop } from "../worktree/pathspec.ts";

const options = new OptionTable("f|force k n|dry-run v|verbose");

export const mv: GitCommand = (context, words) => {
  const args = parseArguments(options, words);
  const { repository, disk, output } = context;
  if (args.words.length < 2) throw fatal("usage: git mv [<options>] <source>... <destination>");
  const path = (word: string): string => fromTop(word, repository.prefix, repository.top);
  const sources = args.words.slice(0, -1).map(path);
  const target = path(args.words.at(-1) ?? "");
  const isInto = target === "" || disk.isDirectory(`${repository.top}/${target}`);
  if (sources.length > 1 && !isInto) throw fatal(`destination '${target}' is not a directory`);
  for (const source of sources) {
    const name = isInto ? `${target === "" ? "" : `${target}/`}${baseName(source)}` : target;
    const complaint = refusal(context, source, name, args.has("force"));
    if (complaint !== null && args.has("k")) continue;
    if (complaint !== null) throw fatal(`${complaint}, source=${source}, destination=${name}`);
    if (args.has("verbose") || args.has("dry-run")) output.line(`Renaming ${source} to ${name}`);
    if (!args.has("dry-run")) move(context, source, name);
  }
  repository.index.save();
  return 0;
};

function refusal(
  { repository, disk }: GitContext,
  source: string,
  name: string,
  isForced: boolean,
): string | null {
  const { index, top } = repository;
  if (disk.status(`${top}/${source}`) === undefined) return "bad source";
  if (name.startsWith(`${source}/`)) return "can not move directory into itself";
  if (!index.has(source) && !index.isDirectory(source)) return "not under version control";
  if (index.has(source) && index.get(source) === undefined) return "conflicted";
  const exists = disk.status(`${top}/${name}`) !== undefined;
  return exists && !isForced ? "destination exists" : null;
}

function move({ repository, disk }: GitContext, source: string, name: string): void {
  const { index, top } = repository;
  const existing = disk.status(`${top}/${name}`);
  if (existing !== undefined) disk.remove(`${top}/${name}`);
  disk.rename(`${top}/${source}`, `${top}/${name}`);
  for (const entry of index.entries) {
    const isIt = entry.path === source;
    if (!isIt && !entry.path.startsWith(`${source}/`)) continue;
    index.remove(entry.path);
    index.set(`${name}${entry.path.slice(source.length)}`, entry.mode, entry.oid, entry.stamp);
  }
}
