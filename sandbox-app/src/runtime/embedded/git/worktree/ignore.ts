import { type Disk } from "../repository/disk.ts";
import { globPattern } from "./glob.ts";
import { parentOf } from "../../../../parent-of.ts";

interface Rule {
  readonly expression: RegExp;
  readonly isNegated: boolean;
  readonly onlyDirectories: boolean;
}

/** What a repository does not look at (gitignore(5)). Files are read when they are needed. */
export class IgnoreRules {
  readonly #disk: Disk;
  readonly #top: string;
  readonly #common: readonly Rule[];
  readonly #byDirectory = new Map<string, readonly Rule[]>();
  readonly #directories = new Map<string, boolean>([["", false]]);

  /** @param commonFiles those that hold for the whole repository, the weakest first */
  constructor(disk: Disk, top: string, commonFiles: readonly string[]) {
    this.#disk = disk;
    this.#top = top;
    this.#common = commonFiles.flatMap((path) => readRules(disk.readText(path) ?? "", ""));
  }

  /** Also when a directory above is ignored, in which nothing can be taken back. */
  ignores(path: string, isDirectory: boolean): boolean {
    if (this.#ignoresDirectory(parentOf(path))) return true;
    if (isDirectory) return this.#ignoresDirectory(path);
    return this.#matches(path, false);
  }

  #ignoresDirectory(path: string): boolean {
    const known = this.#directories.get(path);
    if (known !== undefined) return known;
    const ignored = this.#ignoresDirectory(parentOf(path)) || this.#matches(path, true);
    this.#directories.set(path, ignored);
    return ignored;
  }

  #matches(path: string, isDirectory: boolean): boolean {
    for (let directory: string | null = parentOf(path); directory !== null;) {
      const rule = lastMatch(this.#rulesOf(directory), path, isDirectory);
      if (rule !== undefined) return !rule.isNegated;
      directory = directory === "" ? null : parentOf(directory);
    }
    const rule = lastMatch(this.#common, path, isDirectory);
    return rule !== undefined && !rule.isNegated;
  }

  #rulesOf(directory: string): readonly Rule[] {
    const known = this.#byDirectory.get(directory);
    if (known !== undefined) return known;
    const below = directory === "" ? "" : `${directory}/`;
    const path = `${this.#top}/${below}.gitignore`;
    const isFile = this.#disk.status(path)?.type === "file";
    const rules = isFile ? readRules(this.#disk.readText(path) ?? "", below) : [];
    this.#byDirectory.set(directory, rules);
    return rules;
  }
}

function lastMatch(rules: readonly Rule[], path: string, isDirectory: boolean): Rule | undefined {
  return rules.findLast(
    (rule) => (isDirectory || !rule.onlyDirectories) && rule.expression.test(path),
  );
}

function readRules(text: string, below: string): Rule[] {
  return text.split("\n").flatMap((line) => readRule(line.replace(/\r$/, ""), below) ?? []);
}

function readRule(line: string, below: string): Rule | null {
  if (line.startsWith("#")) return null;
  // Blanks at the end do not count unless a backslash keeps them.
  let glob = line.replace(/((?:^|[^\\])(?:\\\\)*(?:\\ )?) *$/, "$1");
  const isNegated = glob.startsWith("!");
  if (isNegated) glob = glob.slice(1);
  const onlyDirectories = glob.endsWith("/");
  if (onlyDirectories) glob = glob.slice(0, -1);
  const isAnchored = glob.includes("/");
  if (glob.startsWith("/")) glob = glob.slice(1);
  if (glob === "") return null;
  const start = below.replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&");
  const pattern = `^${start}${isAnchored ? "" : "(?:.*/)?"}${globPattern(glob, false)}$`;
  try {
    return { expression: new RegExp(pattern, "s"), isNegated, onlyDirectories };
  } catch {
    // A range the wrong way round matches nothing.
    return null;
  }
}
