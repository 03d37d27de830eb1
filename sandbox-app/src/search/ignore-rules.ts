import ignore, { type Ignore } from "ignore";

/** One `.gitignore`, and the directory that it stands in; `""` for the top. */
interface RuleFile {
  readonly directory: string;
  readonly rules: Ignore;
}

/**
 * What git would not look at: the `.gitignore` files of a directory and of those above it (gitignore(5)).
 * Rules further down win. An object is never changed; a directory's own are the parent's and one more.
 */
export class IgnoreRules {
  static readonly none = new IgnoreRules([]);
  readonly #files: readonly RuleFile[];

  private constructor(files: readonly RuleFile[]) {
    this.#files = files;
  }

  /** @param directory relative to the top, `""` for the top itself */
  with(directory: string, text: string): IgnoreRules {
    const rules = ignore().add(text);
    return new IgnoreRules([...this.#files, { directory, rules }]);
  }

  /** @param path relative to the top; its parents are not ignored */
  ignores(path: string, isDirectory: boolean): boolean {
    for (const { directory, rules } of this.#files.toReversed()) {
      const below = directory === "" ? path : path.slice(directory.length + 1);
      const { ignored, unignored } = rules.test(isDirectory ? `${below}/` : below);
      if (ignored) return true;
      if (unignored) return false;
    }
    return false;
  }
}
