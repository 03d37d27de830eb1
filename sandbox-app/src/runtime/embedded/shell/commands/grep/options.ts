import type { Shell } from "../../state/shell.ts";
import { decodeText } from "../text/encoding.ts";
import {
  compiled,
  literal,
  perlPattern,
  type Syntax,
  translatePattern,
} from "../text/posix-pattern.ts";
import { named } from "../text/walk.ts";
import { gnuOptions } from "../gnu-options.ts";
import { patternToRegExp } from "../../expand/pattern.ts";

export interface GrepJob {
  /** For one match, and for all of a line. */
  readonly first: RegExp;
  readonly all: RegExp;
  readonly isInverted: boolean;
  readonly shows: "lines" | "parts" | "counts" | "with" | "without" | "nothing";
  readonly numbers: boolean;
  readonly offsets: boolean;
  readonly names: "auto" | "always" | "never";
  readonly nameEnd: string;
  readonly before: number;
  readonly after: number;
  readonly most: number;
  readonly isRecursive: boolean;
  readonly isSilent: boolean;
  readonly isText: boolean;
  readonly skipsDirectories: boolean;
  readonly isColored: boolean;
  readonly delimiter: number;
  readonly includes: (name: string) => boolean;
  readonly entersDirectory: (name: string) => boolean;
  readonly files: readonly string[];
}

const long = {
  "after-context": "A",
  "before-context": "B",
  context: "C",
  count: "c",
  "extended-regexp": "E",
  "basic-regexp": "G",
  "fixed-strings": "F",
  "perl-regexp": "P",
  "files-with-matches": "l",
  "files-without-match": "L",
  "ignore-case": "i",
  "no-ignore-case": "no-ignore-case",
  "invert-match": "v",
  "line-number": "n",
  "line-regexp": "x",
  "word-regexp": "w",
  "max-count": "m",
  "no-filename": "h",
  "with-filename": "H",
  "no-messages": "s",
  "null-data": "z",
  "only-matching": "o",
  "byte-offset": "b",
  quiet: "q",
  silent: "q",
  recursive: "r",
  "dereference-recursive": "R",
  regexp: "e",
  file: "f",
  text: "a",
  null: "Z",
  binary: "U",
  "line-buffered": "line-buffered",
  color: "color::",
  colour: "color::",
  include: "include:",
  exclude: "exclude:",
  "exclude-dir": "exclude-dir:",
  "binary-files": "binary-files:",
  directories: "d:",
} as const;

/** Takes the arguments of grep apart; a message when they are wrong. */
export async function grepJob(
  shell: Shell,
  name: string,
  args: readonly string[],
): Promise<GrepJob | string> {
  // `-5` means five lines of context.
  const modern = args.map((arg) => arg.replace(/^-(\d+)$/, "-C$1"));
  const { given, order, operands, unknown } = gnuOptions(modern, {
    letters: "EFGPivwxclLnHhoqsrRIaUzZbTyA:B:C:m:e:f:d:D:",
    long,
  });
  if (unknown !== null) return unknown;
  const patterns: string[] = [];
  for (const [key, value] of order) {
    if (key === "e") patterns.push(...value.split("\n"));
    if (key === "f") patterns.push(...(await patternsIn(shell, value)));
  }
  const files = [...operands];
  if (!given.has("e") && !given.has("f")) {
    const first = files.shift();
    if (first === undefined)
      return "usage: grep [OPTION]... PATTERNS [FILE]...\nTry 'grep --help' for more information.";
    patterns.push(...first.split("\n"));
  }
  const kind = order.findLast(([key]) => key.length === 1 && "EFGP".includes(key))?.[0];
  const standard = name === "egrep" ? "E" : name === "fgrep" ? "F" : "G";
  const regexps = compile(patterns, kind ?? standard, given);
  return { ...regexps, ...flagsOf(given), ...chosenFiles(order), files };
}

type Given = ReadonlyMap<string, string>;

function flagsOf(given: Given) {
  const isRecursive = given.has("r") || given.has("R");
  const context = Number(given.get("C") ?? 0);
  return {
    isInverted: given.has("v"),
    shows: shownPart(given),
    numbers: given.has("n"),
    offsets: given.has("b"),
    names: given.has("h") ? "never" : given.has("H") ? "always" : "auto",
    nameEnd: given.has("Z") ? "\0" : ":",
    before: Number(given.get("B") ?? context),
    after: Number(given.get("A") ?? context),
    most: Number(given.get("m") ?? Number.POSITIVE_INFINITY),
    isRecursive,
    isSilent: given.has("s"),
    isText: given.has("a") || given.has("z") || given.get("binary-files") === "text",
    skipsDirectories: given.get("d") === "skip",
    isColored: given.get("color") === "always",
    delimiter: given.has("z") ? 0 : 10,
  } as const;
}

function shownPart(given: Given): GrepJob["shows"] {
  if (given.has("q")) return "nothing";
  if (given.has("l")) return "with";
  if (given.has("L")) return "without";
  if (given.has("c")) return "counts";
  return given.has("o") ? "parts" : "lines";
}

async function patternsIn(shell: Shell, file: string): Promise<string[]> {
  const bytes =
    file === "-"
      ? await shell.descriptors.get(0)?.readAll()
      : await shell.process.system.call("readFile", named(shell, file).path);
  const text = decodeText(bytes ?? new Uint8Array());
  return text === "" ? [] : text.replace(/\n$/, "").split("\n");
}

function compile(patterns: readonly string[], kind: string, given: Given) {
  const flags = `u${given.has("i") || given.has("y") ? "i" : ""}`;
  const sources = patterns.map((pattern) => wrapped(sourceOf(pattern, kind), given));
  // Nothing at all matches nothing (`grep -f /dev/null`).
  const source = sources.length === 0 ? "(?!)" : sources.join("|");
  const make = (extra: string): RegExp =>
    kind === "P" ? perlPattern(source, flags + extra) : compiled(source, flags + extra);
  return { first: make(""), all: make("g") };
}

function sourceOf(pattern: string, kind: string): string {
  if (kind === "P") return pattern;
  if (kind === "F") return Array.from(pattern, literal).join("");
  const syntax: Syntax = kind === "E" ? "extended" : "basic";
  return translatePattern(pattern, syntax);
}

function wrapped(source: string, given: Given): string {
  if (given.has("x")) return `^(?:${source})$`;
  return given.has("w") ? `(?<![\\w])(?:${source})(?![\\w])` : source;
}

function chosenFiles(order: readonly (readonly [string, string])[]) {
  const globs = (wanted: string): RegExp[] =>
    order
      .filter(([key]) => key === wanted)
      .map(([, glob]) => patternToRegExp(glob.replace(/\/$/, "")));
  const [include, exclude, excludeDirectory] = ["include", "exclude", "exclude-dir"].map(globs);
  const isIn = (patterns: readonly RegExp[] | undefined, name: string): boolean =>
    (patterns ?? []).some((pattern) => pattern.test(name));
  return {
    includes: (name: string) =>
      (include?.length === 0 || isIn(include, name)) && !isIn(exclude, name),
    entersDirectory: (name: string) => !isIn(excludeDirectory, name),
  };
}
