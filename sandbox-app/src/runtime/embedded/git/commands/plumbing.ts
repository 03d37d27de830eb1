import { fatal, GitFailure } from "../cli/failure.ts";
import { OptionTable, parseArguments } from "../cli/options.ts";
import { isAncestor, mergeBases } from "../history/merge-base.ts";
import { writeTree } from "../index/write-tree.ts";
import { ObjectStore, type ObjectType } from "../objects/object-store.ts";
import type { GitCommand } from "../repository/context.ts";
import { absolute } from "../repository/repository.ts";
import { commitsOf, logOptions, walkOptionsOf } from "./log.ts";
import { diffOptions } from "../diff/show-diff.ts";

const hashOptions = new OptionTable("w stdin t= path= no-filters");
const listOptions = new OptionTable(`count objects ${logOptions} ${diffOptions}`);
const baseOptions = new OptionTable("a|all is-ancestor");
const symbolicOptions = new OptionTable("short q|quiet d|delete m=");
const logTable = new OptionTable("n|max-count= date= all");

export const hashObject: GitCommand = async (context, words) => {
  const args = parseArguments(hashOptions, words);
  const type = (args.value("t") ?? "blob") as ObjectType;
  const contents = args.has("stdin") ? [await context.readInput()] : [];
  for (const word of args.words) {
    const content = context.disk.read(absolute(context.cwd, word));
    if (content === undefined)
      throw fatal(`could not open '${word}' for reading: No such file or directory`);
    contents.push(content);
  }
  for (const content of contents)
    context.output.line(
      args.has("w")
        ? context.repository.objects.write(type, content)
        : ObjectStore.nameOf(type, content),
    );
  return 0;
};

export const revList: GitCommand = async (context, words) => {
  const args = parseArguments(listOptions, words);
  if (args.has("objects"))
    throw fatal("rev-list --objects is not supported here; use git ls-tree -r");
  const walk = await walkOptionsOf(context, args);
  const oids: string[] = [];
  for await (const { oid } of commitsOf(context, args, walk)) oids.push(oid);
  if (args.has("count")) context.output.line(String(oids.length));
  else for (const oid of args.has("reverse") ? oids.toReversed() : oids) context.output.line(oid);
  return 0;
};

export const mergeBase: GitCommand = async (context, words) => {
  const args = parseArguments(baseOptions, words);
  const [one = "HEAD", other = "HEAD"] = args.words;
  const [left, right] = [
    (await context.revisions.commit(one)).oid,
    (await context.revisions.commit(other)).oid,
  ];
  if (args.has("is-ancestor")) return (await isAncestor(context.repository, left, right)) ? 0 : 1;
  const bases = await mergeBases(context.repository, left, right);
  for (const base of args.has("all") ? bases : bases.slice(0, 1)) context.output.line(base);
  return bases.length === 0 ? 1 : 0;
};

export const symbolicRef: GitCommand = ({ repository, output }, words) => {
  const args = parseArguments(symbolicOptions, words);
  const [name = "HEAD", target] = args.words;
  if (target !== undefined) {
    if (name !== "HEAD" || !target.startsWith("refs/heads/"))
      throw fatal("only HEAD can be set here, and to a branch");
    repository.refs.attach(target.slice("refs/heads/".length), null);
    return 0;
  }
  const found = repository.refs.target(name);
  if (found === null && args.has("quiet")) throw new GitFailure("", 1);
  if (found === null) throw fatal(`ref ${name} is not a symbolic ref`);
  output.line(args.has("short") ? found.replace(/^refs\/(?:heads|remotes)\//, "") : found);
  return 0;
};

export const reflog: GitCommand = ({ repository, output }, words) => {
  const args = parseArguments(logTable, words[0] === "show" ? words.slice(1) : words);
  const [name = "HEAD"] = args.words;
  const full = name === "HEAD" ? name : `refs/heads/${name}`;
  const entries = repository.refs.log(full).toReversed();
  const limit = Number(args.value("max-count") ?? Infinity);
  for (const [at, { to, message }] of entries.slice(0, limit).entries())
    output.line(`${repository.objects.short(to)} ${name}@{${at}}: ${message}`);
  return 0;
};

export const writeTreeCommand: GitCommand = ({ repository, output }) => {
  output.line(writeTree(repository.index, repository.objects));
  return 0;
};

const ignoreOptions = new OptionTable("q|quiet v|verbose n|non-matching no-index");

export const checkIgnore: GitCommand = (context, words) => {
  const args = parseArguments(ignoreOptions, words);
  const { repository, disk, ignoreRules, output } = context;
  const found = args.words.filter((word) => {
    const path = absolute(context.cwd, word).slice(repository.top.length + 1);
    const isDirectory = disk.isDirectory(`${repository.top}/${path}`);
    return !repository.index.has(path) && ignoreRules.ignores(path, isDirectory);
  });
  if (!args.has("quiet")) for (const word of found) output.line(repository.quote(word));
  return found.length === 0 ? 1 : 0;
};
