import { chosenChanges, type DiffView, showChanges } from "../diff/show-diff.ts";
import { compareTrees } from "../diff/sources.ts";
import { readDecorations } from "../history/decorations.ts";
import { formatCommitText, type Pretty } from "../history/pretty.ts";
import type { Commit } from "../objects/commit.ts";
import type { GitContext } from "../repository/context.ts";
import type { Pathspec } from "../worktree/pathspec.ts";

export interface PrinterOptions {
  readonly view: DiffView;
  /** `auto`: in a terminal. */
  readonly decorate: string;
  readonly pathspec: Pathspec | null;
  /** Whether a merge is compared with its first parent; else its changes are not shown. */
  readonly mergesToo: boolean;
  /** The command `show`, and not `log`. */
  readonly isShow?: boolean;
}

/** Shows commits one after the other, with what lies between them. */
export class CommitPrinter {
  readonly #context: GitContext;
  readonly #pretty: Pretty;
  readonly #options: PrinterOptions;
  readonly #decorations: ReadonlyMap<string, string>;
  #hasPrinted = false;

  private constructor(
    context: GitContext,
    pretty: Pretty,
    options: PrinterOptions,
    decorations: ReadonlyMap<string, string>,
  ) {
    this.#context = context;
    this.#pretty = pretty;
    this.#options = options;
    this.#decorations = decorations;
  }

  static async make(context: GitContext, pretty: Pretty, options: PrinterOptions) {
    const { decorate } = options;
    const isAsked = pretty.name === "template" && /%[-+ ]?[dD]/.test(pretty.template);
    const isShown =
      decorate === "auto"
        ? pretty.name === "template"
          ? isAsked
          : context.isTerminal
        : decorate !== "no";
    const found = isShown || isAsked ? await readDecorations(context.repository) : new Map();
    return new CommitPrinter(context, pretty, options, found as Map<string, string>);
  }

  async print(commit: Commit): Promise<void> {
    const { repository, output } = this.#context;
    const pretty = this.#pretty;
    const text = formatCommitText(
      repository,
      commit,
      pretty,
      this.#decorations.get(commit.oid) ?? "",
    );
    const end = this.#options.view.isNulEnded ? "\0" : "\n";
    if (this.#hasPrinted && pretty.isSeparated) output.text(end);
    this.#hasPrinted = true;
    const isTemplate = pretty.name === "template";
    const isLine = isTemplate || pretty.name === "oneline";
    output.text(
      isLine && !(isTemplate && text === "" && !pretty.isSeparated) && !pretty.isSeparated
        ? `${text}${end}`
        : text,
    );
    if (pretty.isSeparated && isTemplate && this.#options.view.formats.length > 0)
      output.text("\n");
    await this.#changes(commit, isLine);
  }

  async #changes(commit: Commit, isLine: boolean): Promise<void> {
    const { repository, output } = this.#context;
    const { view, pathspec, mergesToo } = this.#options;
    if (view.formats.length === 0) return;
    if (commit.parents.length > 1 && !mergesToo) {
      // Of a merge git shows what neither parent has, which is nothing as a rule.
      if (this.#options.isShow && !isLine && view.formats.includes("patch")) output.text("\n");
      return;
    }
    const [parent] = commit.parents;
    const before = parent === undefined ? null : (await repository.commit(parent)).tree;
    const comparison = await compareTrees(repository, before, commit.tree);
    const changes = await chosenChanges(comparison, view, pathspec);
    if (changes.length === 0) return;
    const hasBoth = view.formats.length > 1 && view.formats.includes("patch");
    if (!isLine || this.#pretty.name === "template") output.text(hasBoth ? "---\n" : "\n");
    await showChanges(repository, output, changes, comparison, view);
  }
}
