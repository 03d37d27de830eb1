import { type FileChange, pathOf, type Side } from "../diff/file-change.ts";
import { comparePaths } from "../objects/bytes.ts";
import type { GitContext } from "../repository/context.ts";
import type { StatusModel, Tracking } from "../worktree/status-model.ts";

interface Shape {
  readonly hasBranch: boolean;
  readonly isNulEnded: boolean;
}

/** No file. */
const NOTHING = { mode: 0, oid: "0".repeat(40) };

/** The stages of a conflict: the base, ours, theirs. */
const STAGES = [1, 2, 3] as const;

/** No submodule, of which this git knows no more than their commits. */
const NO_SUBMODULE = "N...";

/** Names, modes and objects of what changed (git-status(1), "Porcelain Format Version 2"). */
export function statusV2(context: GitContext, model: StatusModel, shape: Shape): string {
  const { repository } = context;
  const end = shape.isNulEnded ? "\0" : "\n";
  const shown = (path: string): string =>
    shape.isNulEnded ? path : repository.quote(repository.relative(path));
  const lines = [
    ...(shape.hasBranch ? branchLines(model) : []),
    ...changedLines(model, shown, shape.isNulEnded ? "\0" : "\t"),
    ...model.conflicts.map(({ path, code }) => unmergedLine(context, path, code, shown(path))),
    ...model.untracked.map((path) => `? ${shown(path)}`),
    ...model.ignored.map((path) => `! ${shown(path)}`),
  ];
  return lines.map((line) => `${line}${end}`).join("");
}

function branchLines({ head, branch, tracking }: StatusModel): string[] {
  return [
    `# branch.oid ${head ?? "(initial)"}`,
    `# branch.head ${branch ?? "(detached)"}`,
    ...(tracking === null ? [] : trackingLines(tracking, head !== null)),
  ];
}

function trackingLines({ name, isGone, ahead, behind }: Tracking, hasHead: boolean): string[] {
  const upstream = `# branch.upstream ${name}`;
  return isGone || !hasHead ? [upstream] : [upstream, `# branch.ab +${ahead} -${behind}`];
}

/** How a file stands in the index, and on disk; at least one of them has changed. */
interface Changes {
  readonly index?: FileChange;
  readonly disk?: FileChange;
}

function changedLines(
  { staged, unstaged }: StatusModel,
  shown: (path: string) => string,
  arrow: string,
): string[] {
  const byPath = new Map<string, Changes>();
  for (const change of staged) byPath.set(pathOf(change), { index: change });
  for (const change of unstaged) {
    byPath.set(pathOf(change), { ...byPath.get(pathOf(change)), disk: change });
  }
  return [...byPath]
    .toSorted(([one], [other]) => comparePaths(one, other))
    .map(([path, changes]) => {
      const { index } = changes;
      const from = index?.status === "R" ? index.before?.path : undefined;
      const facts = factsOf(changes);
      return from === undefined
        ? `1 ${facts} ${shown(path)}`
        : `2 ${facts} R${index?.similarity ?? 0} ${shown(path)}${arrow}${shown(from)}`;
    });
}

function factsOf({ index, disk }: Changes): string {
  const codes = `${index?.status ?? "."}${disk?.status ?? "."}`;
  const staged = sideOf(index === undefined ? (disk?.before ?? null) : index.after);
  const head = index === undefined ? staged : sideOf(index.before);
  const now = disk === undefined ? staged : sideOf(disk.after);
  const modes = [head, staged, now].map(modeText).join(" ");
  return `${codes} ${NO_SUBMODULE} ${modes} ${head.oid} ${staged.oid}`;
}

function sideOf(side: Side | null): Pick<Side, "mode" | "oid"> {
  return side ?? NOTHING;
}

function unmergedLine(
  { repository, worktree }: GitContext,
  path: string,
  code: string,
  shown: string,
): string {
  const stages = repository.index.stages(path);
  const sides = STAGES.map((stage) => stages.find((one) => one.stage === stage) ?? NOTHING);
  const status = worktree.status(path);
  const now = { mode: status === null ? 0 : worktree.modeOf(status) };
  const facts = [...sides, now].map(modeText).join(" ");
  return `u ${code} ${NO_SUBMODULE} ${facts} ${sides.map(({ oid }) => oid).join(" ")} ${shown}`;
}

function modeText({ mode }: { readonly mode: number }): string {
  return mode.toString(8).padStart(6, "0");
}
