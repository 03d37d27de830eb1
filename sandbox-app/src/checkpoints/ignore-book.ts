import type { ScannedEntry } from "../runtime/runtime.ts";
import { IgnoreRules } from "../search/ignore-rules.ts";
import { skippedDirectories } from "../search/own-rules.ts";
import { parentOf } from "../parent-of.ts";

const RULES_NAME = ".gitignore";

/** What all `.gitignore` files of a workspace leave out, and node_modules and .git besides. */
export class IgnoreBook {
  /** Two books with the same stamp ignore the same. */
  readonly stamp: string;
  readonly #rules: ReadonlyMap<string, IgnoreRules>;

  private constructor(stamp: string, rules: ReadonlyMap<string, IgnoreRules>) {
    this.stamp = stamp;
    this.#rules = rules;
  }

  static readonly none = new IgnoreBook("", new Map());

  /**
   * @param known returned when nothing has changed since
   * @param readText of a path; undefined: nothing that could be read
   */
  static async read(
    entries: readonly ScannedEntry[],
    known: IgnoreBook,
    readText: (path: string) => Promise<string | undefined>,
  ): Promise<IgnoreBook> {
    const files = entries.filter(({ path, type }) => type === "file" && isRules(path));
    const stamp = files.map(({ path, stamp: one }) => `${path}\0${one}\n`).join("");
    if (stamp === known.stamp) return known;
    const book = new Map<string, IgnoreRules>();
    // A directory's rules are those above it and its own.
    for (const { path } of files.toSorted((one, other) => one.path.length - other.path.length)) {
      const text = await readText(path);
      const directory = parentOf(path);
      if (text !== undefined) book.set(directory, nearest(book, directory).with(directory, text));
    }
    return new IgnoreBook(stamp, book);
  }

  /** @param path what is above it is not ignored */
  ignores(path: string, type: ScannedEntry["type"]): boolean {
    const isDirectory = type === "directory";
    const name = path.slice(path.lastIndexOf("/") + 1);
    if (isDirectory && skippedDirectories.has(name)) return true;
    return nearest(this.#rules, parentOf(path)).ignores(path, isDirectory);
  }
}

function isRules(path: string): boolean {
  return path === RULES_NAME || path.endsWith(`/${RULES_NAME}`);
}

/** The rules of a directory: its own, or those of the nearest one above that has some. */
function nearest(rules: ReadonlyMap<string, IgnoreRules>, directory: string): IgnoreRules {
  for (let at = directory; ; at = parentOf(at)) {
    const own = rules.get(at);
    if (own !== undefined || at === "") return own ?? IgnoreRules.none;
  }
}
