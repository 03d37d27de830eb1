import type { Output } from "../cli/output.ts";
import { NO_OBJECT } from "../refs/refs.ts";
import type { Repository } from "../repository/repository.ts";
import type { PushedRef } from "./push-plan.ts";
import { prettyRef } from "./refspec.ts";

/** What became of one reference of a push. */
export interface PushResult {
  readonly ref: PushedRef;
  readonly flag: " " | "+" | "-" | "*" | "=" | "!";
  readonly summary: string;
  readonly why: string | null;
  /** The remote has it as it is here. */
  readonly isDone: boolean;
}

/**
 * @param said by the remote: null is yes; undefined: it was not asked
 * @param isStopped another reference was rejected, and all were to go or none
 */
export function resultOf(
  { objects }: Repository,
  ref: PushedRef,
  said: string | null | undefined,
  isStopped: boolean,
): PushResult {
  const { state, before, after, to } = ref;
  const rejected = (summary: string, why: string): PushResult => ({
    ref,
    flag: "!",
    summary,
    why,
    isDone: false,
  });
  if (state.kind === "same")
    return { ref, flag: "=", summary: "[up to date]", why: null, isDone: true };
  if (state.kind === "rejected") return rejected("[rejected]", state.why);
  if (isStopped) return rejected("[rejected]", "atomic push failed");
  if (said === undefined) return rejected("[remote failure]", "remote failed to report status");
  if (said !== null) return rejected("[remote rejected]", said);
  const done = { ref, why: null, isDone: true };
  if (after === NO_OBJECT) return { ...done, flag: "-", summary: "[deleted]" };
  if (before === NO_OBJECT) return { ...done, flag: "*", summary: `[new ${kindOf(to)}]` };
  const [from, until] = [objects.short(before), objects.short(after)];
  if (!state.isForced) return { ...done, flag: " ", summary: `${from}..${until}` };
  return { ...done, flag: "+", summary: `${from}...${until}`, why: "forced update" };
}

function kindOf(name: string): string {
  if (name.startsWith("refs/tags/")) return "tag";
  return name.startsWith("refs/heads/") ? "branch" : "reference";
}

const SUMMARY_CHARS = 17;

export interface TableOptions {
  readonly isPorcelain: boolean;
  readonly isVerbose: boolean;
  readonly isQuiet: boolean;
}

/** The table that a push ends with, and what git advises (git's transport_print_push_status). */
export class PushTable {
  readonly #output: Output;
  readonly #url: string;
  readonly #options: TableOptions;

  constructor(output: Output, url: string, options: TableOptions) {
    this.#output = output;
    this.#url = url;
    this.#options = options;
  }

  /**
   * @param head full name of the branch that HEAD is on
   * @param afterRows what follows them on standard output
   * @returns exit code
   */
  show(results: readonly PushResult[], head: string | null, afterRows: () => void): number {
    const { isPorcelain, isVerbose, isQuiet } = this.#options;
    const same = results.filter(({ flag }) => flag === "=");
    const done = results.filter(({ flag, isDone }) => isDone && flag !== "=");
    const failed = results.filter(({ isDone }) => !isDone);
    const rows = [
      ...(isVerbose || isPorcelain ? same : []),
      ...(isQuiet && !isPorcelain ? [] : done),
      ...failed,
    ];
    if (rows.length > 0) this.#line(`To ${this.#url}`);
    for (const row of rows) this.#line(isPorcelain ? porcelainRow(row) : plainRow(row));
    afterRows();
    if (isPorcelain) this.#output.line("Done");
    if (failed.length === 0) {
      if (!isPorcelain && done.length === 0 && !isQuiet)
        this.#output.error("Everything up-to-date");
      return 0;
    }
    this.#output.error(`error: failed to push some refs to '${this.#url}'`);
    for (const hint of hintsFor(failed, head)) this.#output.error(`hint: ${hint}`);
    return 1;
  }

  #line(text: string): void {
    if (this.#options.isPorcelain) this.#output.line(text);
    else this.#output.error(text);
  }
}

function plainRow({ ref, flag, summary, why }: PushResult): string {
  const to = prettyRef(ref.to);
  const names = ref.from === null ? to : `${prettyRef(ref.from)} -> ${to}`;
  return ` ${flag} ${summary.padEnd(SUMMARY_CHARS)} ${names}${why === null ? "" : ` (${why})`}`;
}

function porcelainRow({ ref, flag, summary, why }: PushResult): string {
  return `${flag}\t${ref.from ?? ""}:${ref.to}\t${summary}${why === null ? "" : ` (${why})`}`;
}

const NOTE = "See the 'Note about fast-forwards' in 'git push --help' for details.";

function hintsFor(failed: readonly PushResult[], head: string | null): readonly string[] {
  const reasons = new Set(failed.map(({ why }) => why));
  const isHead = failed.some(({ why, ref }) => why === "non-fast-forward" && ref.from === head);
  if (isHead)
    return [
      "Updates were rejected because the tip of your current branch is behind",
      "its remote counterpart. Integrate the remote changes (e.g.",
      "'git pull ...') before pushing again.",
      NOTE,
    ];
  if (reasons.has("non-fast-forward"))
    return [
      "Updates were rejected because a pushed branch tip is behind its remote",
      "counterpart. Check out this branch and integrate the remote changes",
      "(e.g. 'git pull ...') before pushing again.",
      NOTE,
    ];
  if (reasons.has("already exists"))
    return ["Updates were rejected because the tag already exists in the remote."];
  if (reasons.has("fetch first"))
    return [
      "Updates were rejected because the remote contains work that you do",
      "not have locally. This is usually caused by another repository pushing",
      "to the same ref. You may want to first integrate the remote changes",
      "(e.g., 'git pull ...') before pushing again.",
      NOTE,
    ];
  if (reasons.has("needs force"))
    return [
      "You cannot update a remote ref that points at a non-commit object,",
      "or update a remote ref to make it point at a non-commit object,",
      "without using the '--force' option.",
    ];
  return [];
}
