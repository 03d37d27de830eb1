import type { Shell } from "../state/shell.ts";
import { resolvePath } from "../../kernel/path.ts";
import { hasPattern, patternToRegExp, unescapePattern } from "./pattern.ts";

type Entry = { readonly name: string; readonly type: "file" | "directory" | "symlink" };

/**
 * Pathname expansion: the paths that a pattern matches, sorted; null when there are none.
 *
 * @param pattern with what was quoted escaped by backslashes
 */
export function expandPathname(shell: Shell, pattern: string): string[] | null {
  const parts = splitPath(pattern);
  const isAbsolute = pattern.startsWith("/");
  const found = new Search(shell, parts).from(isAbsolute ? "/" : "", 0);
  if (found.length === 0) return null;
  return found.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}

/** Parts of a pattern; a slash in brackets or parentheses still separates, as in bash. */
function splitPath(pattern: string): string[] {
  return pattern.split("/").filter((part, index, all) => part !== "" || index === all.length - 1);
}

class Search {
  readonly #shell: Shell;
  readonly #parts: readonly string[];

  constructor(shell: Shell, parts: readonly string[]) {
    this.#shell = shell;
    this.#parts = parts;
  }

  /** @param prefix what was matched so far, with its slash */
  from(prefix: string, index: number): string[] {
    const part = this.#parts[index];
    if (part === undefined) return [prefix];
    const isLast = index === this.#parts.length - 1;
    if (part === "") return this.#isDirectory(prefix) ? [prefix] : [];
    if (part === "**" && this.#shell.options.shopt.has("globstar"))
      return this.#deep(prefix, index);
    if (!hasPattern(part)) {
      const path = prefix + unescapePattern(part);
      if (isLast) return this.#exists(path) ? [path] : [];
      return this.#isDirectory(path) ? this.from(`${path}/`, index + 1) : [];
    }
    return this.#matching(prefix, part).flatMap(({ name, type }) => {
      if (isLast) return [prefix + name];
      const isDirectory =
        type === "directory" || (type === "symlink" && this.#isDirectory(prefix + name));
      return isDirectory ? this.from(`${prefix}${name}/`, index + 1) : [];
    });
  }

  #matching(prefix: string, part: string): Entry[] {
    const { shopt } = this.#shell.options;
    const matcher = patternToRegExp(part, { ignoreCase: shopt.has("nocaseglob"), inPath: true });
    const showsHidden = shopt.has("dotglob") || /^\\?\./.test(part);
    return this.#entries(prefix, part.startsWith(".") && !shopt.has("globskipdots")).filter(
      ({ name }) => (showsHidden || !name.startsWith(".")) && matcher.test(name),
    );
  }

  /** `**`: every directory below, links not followed; as the last part, files too. */
  #deep(prefix: string, index: number): string[] {
    const isLast = index === this.#parts.length - 1;
    const below = this.#entries(prefix, false).filter(
      ({ name }) => this.#shell.options.shopt.has("dotglob") || !name.startsWith("."),
    );
    const found = isLast ? (prefix === "" ? [] : [prefix]) : this.from(prefix, index + 1);
    for (const { name, type } of below) {
      const path = prefix + name;
      if (type !== "directory") found.push(...(isLast ? [path] : []));
      // Only the directory where the search starts keeps its slash.
      else
        found.push(
          ...this.#deep(`${path}/`, index).map((under) =>
            isLast && under === `${path}/` ? path : under,
          ),
        );
    }
    return found;
  }

  #entries(prefix: string, withDots: boolean): Entry[] {
    try {
      const entries: Entry[] = this.#shell.process.system.callSync(
        "readdir",
        this.#resolve(prefix),
      );
      const dots: Entry[] = withDots
        ? [
            { name: ".", type: "directory" },
            { name: "..", type: "directory" },
          ]
        : [];
      return [...dots, ...entries];
    } catch {
      return [];
    }
  }

  #exists(path: string): boolean {
    return this.#stat("lstat", path) !== null;
  }

  #isDirectory(path: string): boolean {
    return this.#stat("stat", path) === "directory";
  }

  #stat(call: "stat" | "lstat", path: string): string | null {
    try {
      return this.#shell.process.system.callSync(call, this.#resolve(path)).type;
    } catch {
      return null;
    }
  }

  #resolve(path: string): string {
    return resolvePath(this.#shell.cwd, path === "" ? "." : path);
  }
}
