import type { Arguments } from "../cli/options.ts";
import type { Output } from "../cli/output.ts";
import type { Repository } from "../repository/repository.ts";
import type { Pathspec } from "../worktree/pathspec.ts";
import { bytesOf } from "./byte-text.ts";
import { type FileChange, pathOf } from "./file-change.ts";
import { formatPatch, type PatchOptions, statOf, summaryLines } from "./patch.ts";
import { findRenames } from "./renames.ts";
import type { Comparison } from "./sources.ts";
import { type FileStat, formatShortStat, formatStat } from "./stat.ts";

/** Options of all commands that show changes; see git-diff(1). */
export const diffOptions =
  "p|patch u stat numstat shortstat summary name-only name-status raw no-patch|s U|unified= " +
  "no-renames M|find-renames=? full-index no-prefix no-color color=? no-ext-diff minimal " +
  "patch-with-stat z diff-filter= abbrev=? exit-code quiet|q R no-textconv text|a binary " +
  "indent-heuristic histogram patience myers diff-algorithm=";

type Format =
  | "patch"
  | "stat"
  | "numstat"
  | "shortstat"
  | "summary"
  | "name-only"
  | "name-status"
  | "raw";

export interface DiffView {
  readonly formats: readonly Format[];
  readonly patch: PatchOptions;
  readonly hasRenames: boolean;
  readonly isNulEnded: boolean;
  readonly filter: string | undefined;
}

const allFormats: readonly Format[] = [
  "raw",
  "name-only",
  "name-status",
  "numstat",
  "stat",
  "shortstat",
  "summary",
  "patch",
];

/** @param otherwise what is shown when no option says so */
export function diffViewOf(
  args: Arguments,
  repository: Repository,
  otherwise: readonly Format[],
): DiffView {
  const context = args.value("unified");
  const isSaid = (format: Format): boolean =>
    args.has(format) ||
    (format === "patch" && (args.has("u") || context !== undefined)) ||
    ((format === "patch" || format === "stat") && args.has("patch-with-stat"));
  const said = allFormats.filter(isSaid);
  const configured = repository.config.get("diff.renames");
  return {
    formats: args.has("no-patch")
      ? said.filter((one) => one !== "patch")
      : said.length > 0
        ? said
        : otherwise,
    patch: {
      context: Number(context ?? repository.config.get("diff.context") ?? 3),
      isFullIndex: args.has("full-index"),
      hasPrefix: !args.has("no-prefix"),
    },
    hasRenames: !args.has("no-renames") && (args.has("find-renames") || configured !== "false"),
    isNulEnded: args.has("z"),
    filter: args.value("diff-filter"),
  };
}

/** The changes of a comparison that are to be shown. */
export async function chosenChanges(
  comparison: Comparison,
  view: Pick<DiffView, "hasRenames" | "filter">,
  pathspec: Pathspec | null,
): Promise<FileChange[]> {
  const inPaths = comparison.changes.filter(
    (change) => pathspec === null || pathspec.matches(pathOf(change)),
  );
  const changes = view.hasRenames ? await findRenames(inPaths, comparison.read) : inPaths;
  const { filter } = view;
  return filter === undefined ? changes : changes.filter(({ status }) => filter.includes(status));
}

/** Writes changes in the formats of a view. */
export async function showChanges(
  repository: Repository,
  output: Output,
  changes: readonly FileChange[],
  comparison: Pick<Comparison, "read" | "isDisk">,
  view: DiffView,
): Promise<void> {
  const stats: FileStat[] = [];
  if (view.formats.some((format) => format.endsWith("stat"))) {
    for (const change of changes.filter(({ status }) => status !== "U"))
      stats.push(await statOf(repository, change, comparison.read));
  }
  for (const format of view.formats) {
    if (format !== "patch") {
      const isDisk = comparison.isDisk === true;
      output.text(
        tableOf(repository, changes, stats, { format, isDisk, isNulEnded: view.isNulEnded }),
      );
      continue;
    }
    if (view.formats.length > 1 && changes.length > 0) output.text("\n");
    for (const change of changes) {
      if (output.isDeaf) return;
      output.bytes(bytesOf(await formatPatch(repository, change, comparison.read, view.patch)));
    }
  }
}

interface TableShape {
  readonly format: Exclude<Format, "patch">;
  readonly isDisk: boolean;
  readonly isNulEnded: boolean;
}

function tableOf(
  repository: Repository,
  changes: readonly FileChange[],
  stats: readonly FileStat[],
  { format, isDisk, isNulEnded }: TableShape,
): string {
  switch (format) {
    case "stat":
      return formatStat(stats);
    case "shortstat":
      return formatShortStat(stats);
    case "summary":
      return summaryLines(repository, changes);
    case "numstat":
      return stats.map((stat) => numbers(stat, isNulEnded)).join("");
    case "name-only":
    case "name-status":
    case "raw":
      return changes
        .map((change) => listed(repository, change, format, isNulEnded, isDisk))
        .join("");
  }
}

function numbers(stat: FileStat, isNulEnded: boolean): string {
  const { name, path, from, added, removed, binary } = stat;
  const counts = binary === null ? `${added}\t${removed}\t` : "-\t-\t";
  if (!isNulEnded) return `${counts}${name}\n`;
  return from === null ? `${counts}${path}\0` : `${counts}\0${from}\0${path}\0`;
}

function listed(
  repository: Repository,
  change: FileChange,
  format: "name-only" | "name-status" | "raw",
  isNulEnded: boolean,
  isDisk: boolean,
): string {
  const { status, before, after, similarity } = change;
  const shown = (path: string): string => (isNulEnded ? path : repository.quote(path));
  const [end, tab] = isNulEnded ? ["\0", "\0"] : ["\n", "\t"];
  if (format === "name-only") return `${shown(pathOf(change))}${end}`;
  const paths =
    status === "R" && before !== null && after !== null
      ? `${shown(before.path)}${tab}${shown(after.path)}`
      : shown(pathOf(change));
  const score = status === "R" ? String(similarity).padStart(3, "0") : "";
  const line = `${status}${score}${tab}${paths}${end}`;
  if (format === "name-status") return line;
  const mode = (side: FileChange["before"]): string =>
    (side?.mode ?? 0).toString(8).padStart(6, "0");
  const oid = (side: FileChange["before"]): string =>
    side === null ? "0".repeat(7) : repository.objects.short(side.oid);
  return `:${mode(before)} ${mode(after)} ${oid(before)} ${isDisk ? "0".repeat(7) : oid(after)} ${line}`;
}
