import { OptionTable, parseArguments } from "../cli/options.ts";
import { pathOf } from "../diff/file-change.ts";
import { comparePaths } from "../objects/bytes.ts";
import type { GitCommand } from "../repository/context.ts";
import type { Repository } from "../repository/repository.ts";
import { fatal } from "../cli/failure.ts";
import { readStatus, type StatusModel } from "../worktree/status-model.ts";
import { longStatus } from "./status-long.ts";
import { statusV2 } from "./status-v2.ts";

const options = new OptionTable(
  "s|short b|branch porcelain=? long u|untracked-files=? ignored=? z no-renames ahead-behind no-ahead-behind v|verbose",
);

export const status: GitCommand = async (context, words) => {
  const args = parseArguments(options, words);
  const { repository, output } = context;
  const version = versionOf(args.value("porcelain") ?? "");
  const { top } = repository;
  const said = args.value("untracked-files") ?? repository.config.get("status.showuntrackedfiles");
  const untracked = said === "no" ? "no" : said === "all" || said === "" ? "all" : "normal";
  const ignored = args.has("ignored");
  const pathspec = context.pathspec(args.words);
  const model = await readStatus(context, { untracked, ignored, pathspec });
  // What was learned of the files on disk is kept, unless the caller only looks.
  if (context.env["GIT_OPTIONAL_LOCKS"] !== "0") repository.index.save();
  const isPorcelain = args.has("porcelain") || args.has("z");
  const isShort = args.has("short") || isPorcelain;
  if (top !== "" && !isShort) {
    output.text(longStatus(repository, model, { untracked: untracked !== "no", ignored }));
    return 0;
  }
  const shape = { isPorcelain, isNulEnded: args.has("z"), hasBranch: args.has("branch") };
  output.text(
    version === 2 ? statusV2(context, model, shape) : shortStatus(repository, model, shape),
  );
  return 0;
};

function versionOf(said: string): 1 | 2 {
  if (said === "" || said === "v1" || said === "1") return 1;
  if (said === "v2" || said === "2") return 2;
  throw fatal(`unsupported porcelain version '${said}'`);
}

interface Shape {
  readonly isPorcelain: boolean;
  readonly isNulEnded: boolean;
  readonly hasBranch: boolean;
}

function shortStatus(repository: Repository, model: StatusModel, shape: Shape): string {
  const { isPorcelain, isNulEnded } = shape;
  const end = isNulEnded ? "\0" : "\n";
  const shown = (path: string): string => {
    if (isNulEnded) return path;
    const quoted = repository.quote(isPorcelain ? path : repository.relative(path));
    // Blanks would make the two columns and the arrow ambiguous.
    return quoted.includes(" ") && !quoted.startsWith('"') ? `"${quoted}"` : quoted;
  };
  const head = shape.hasBranch ? `## ${branchText(model)}${end}` : "";
  const lines = changedLines(model).map(([path, { codes, from }]) => {
    if (from === undefined) return `${codes} ${shown(path)}${end}`;
    return isNulEnded
      ? `${codes} ${path}\0${from}\0`
      : `${codes} ${shown(from)} -> ${shown(path)}\n`;
  });
  const others = [
    ...model.untracked.map((path) => `?? ${shown(path)}${end}`),
    ...model.ignored.map((path) => `!! ${shown(path)}${end}`),
  ];
  return [head, ...lines, ...others].join("");
}

interface ShortLine {
  readonly codes: string;
  /** Of a renamed file. */
  readonly from?: string;
}

function changedLines(model: StatusModel): [string, ShortLine][] {
  const found = new Map<string, ShortLine>();
  for (const change of model.staged) {
    const from = change.status === "R" && change.before ? { from: change.before.path } : {};
    found.set(pathOf(change), { codes: `${change.status} `, ...from });
  }
  for (const change of model.unstaged) {
    const staged = found.get(pathOf(change));
    const codes = `${staged?.codes.charAt(0) ?? " "}${change.status}`;
    found.set(pathOf(change), { ...staged, codes });
  }
  for (const { path, code } of model.conflicts) found.set(path, { codes: code });
  return [...found].toSorted(([one], [other]) => comparePaths(one, other));
}

function branchText({ branch, head, tracking }: StatusModel): string {
  if (branch === null) return "HEAD (no branch)";
  const start = head === null ? `No commits yet on ${branch}` : branch;
  if (tracking === null) return start;
  const { name, isGone, ahead, behind } = tracking;
  const parts = [
    ...(isGone ? ["gone"] : []),
    ...(ahead > 0 ? [`ahead ${ahead}`] : []),
    ...(behind > 0 ? [`behind ${behind}`] : []),
  ];
  return `${start}...${name}${parts.length === 0 ? "" : ` [${parts.join(", ")}]`}`;
}
