import { formatTime } from "../../builtins/format-time.ts";
import { patternToRegExp } from "../../expand/pattern.ts";
import { errnoWords } from "../../redirect/error-words.ts";
import { open } from "../../redirect/redirect.ts";
import { ShellError } from "../../run/outcome.ts";
import { type Command, type CommandCall, complain } from "../command.ts";
import { type GnuOptions, gnuOptions } from "../gnu-options.ts";
import { decodeText } from "../text/encoding.ts";
import { Output } from "../text/lines.ts";
import { baseName, inside, type NamedPath, named, statusOf } from "../text/walk.ts";
import type { Change } from "./changes.ts";
import { contextFormat, normalFormat, type Side, unifiedFormat } from "./formats.ts";

/** diff(1), "Exit status is 0 if inputs are the same, 1 if different, 2 if trouble". */
const TROUBLE = 2;
const CONTEXT = 3;

const long = {
  unified: "unified::",
  context: "context::",
  brief: "q",
  recursive: "r",
  "new-file": "N",
  "report-identical-files": "s",
  "ignore-case": "i",
  "ignore-all-space": "w",
  "ignore-space-change": "b",
  "ignore-trailing-space": "Z",
  "ignore-blank-lines": "B",
  "strip-trailing-cr": "strip-trailing-cr",
  text: "a",
  label: "L",
  exclude: "x",
  color: "color::",
  "no-dereference": "no-dereference",
  normal: "normal",
  minimal: "d",
} as const;

/** `diff` (diffutils): files and whole directories. */
export const diff: Command = async (call) => {
  const options = gnuOptions(call.args, { letters: "uU:cC:qrNsiwbZBaL:x:dtTpE", long });
  const { operands, unknown } = options;
  if (unknown !== null) return complain(call, unknown, TROUBLE);
  const [first, second] = operands;
  if (first === undefined || second === undefined || operands.length > 2) {
    const extra = operands[2];
    return complain(
      call,
      extra === undefined
        ? `missing operand after '${first ?? "diff"}'`
        : `extra operand '${extra}'`,
      TROUBLE,
    );
  }
  const comparison = new Comparison(call, options);
  try {
    return await comparison.run(first, second);
  } catch (error) {
    if (error instanceof ShellError) return await complain(call, error.message, TROUBLE);
    throw error;
  } finally {
    await comparison.output.flush();
  }
};

class Comparison {
  readonly output: Output;
  readonly #call: CommandCall;
  readonly #given: GnuOptions["given"];
  readonly #labels: readonly string[];
  readonly #excluded: readonly RegExp[];
  /** Options as they were given, for the line before each pair of files. */
  readonly #shownOptions: string;

  constructor(call: CommandCall, { given, order }: GnuOptions) {
    this.output = new Output(call.shell);
    this.#call = call;
    this.#given = given;
    this.#labels = order.filter(([key]) => key === "L").map(([, value]) => value);
    this.#excluded = order.filter(([key]) => key === "x").map(([, glob]) => patternToRegExp(glob));
    this.#shownOptions = call.args.filter((arg, at) => isOption(arg, call.args[at - 1])).join(" ");
  }

  async run(first: string, second: string): Promise<number> {
    const { shell } = this.#call;
    const isDirectory = (file: string): boolean =>
      file !== "-" && statusOf(shell, named(shell, file).path)?.type === "directory";
    const [a, b] = [named(shell, first), named(shell, second)];
    if (isDirectory(first) && isDirectory(second)) return this.#directories(a, b);
    if (isDirectory(first)) return this.#files(inside(a, baseName(second)), b, false);
    if (isDirectory(second)) return this.#files(a, inside(b, baseName(first)), false);
    return this.#files(a, b, false);
  }

  async #directories(a: NamedPath, b: NamedPath): Promise<number> {
    const { system } = this.#call.shell.process;
    const [left, right] = [
      await system.call("readdir", a.path),
      await system.call("readdir", b.path),
    ];
    const names = [...new Set([...left, ...right].map(({ name }) => name))].toSorted();
    let status = 0;
    for (const name of names) {
      if (this.#excluded.some((pattern) => pattern.test(name))) continue;
      const types = [left, right].map(
        (entries) => entries.find((entry) => entry.name === name)?.type,
      );
      status = Math.max(status, await this.#entry(inside(a, name), inside(b, name), types));
    }
    return status;
  }

  async #entry(
    a: NamedPath,
    b: NamedPath,
    [left, right]: readonly (string | undefined)[],
  ): Promise<number> {
    const isRecursive = this.#given.has("r");
    if (left === undefined || right === undefined) {
      const there = left === undefined ? b : a;
      const isNew = this.#given.has("N") && (left ?? right) === "file";
      if (isNew) return this.#files(a, b, true);
      const parent = there.shown.slice(0, there.shown.lastIndexOf("/"));
      await this.output.add(`Only in ${parent}: ${baseName(there.shown)}\n`);
      return 1;
    }
    if (left === "directory" && right === "directory") {
      if (isRecursive) return this.#directories(a, b);
      await this.output.add(`Common subdirectories: ${a.shown} and ${b.shown}\n`);
      return 0;
    }
    if (left === "directory" || right === "directory") {
      const kind = (type: string): string => (type === "directory" ? "directory" : "regular file");
      await this.output.add(
        `File ${a.shown} is a ${kind(left)} while file ${b.shown} is a ${kind(right)}\n`,
      );
      return 1;
    }
    return this.#files(a, b, true);
  }

  async #read({ shown, path }: NamedPath): Promise<Uint8Array | null> {
    const { shell } = this.#call;
    if (shown === "-") return (await shell.descriptors.get(0)?.readAll()) ?? new Uint8Array();
    try {
      if (path.startsWith("/dev/")) {
        const handle = open(shell, path, "<").hold();
        return await handle.readAll().finally(() => handle.release());
      }
      return await shell.process.system.call("readFile", path);
    } catch (error) {
      if (this.#given.has("N")) return new Uint8Array();
      await this.output.flush();
      await complain(this.#call, `${shown}: ${errnoWords(error)}`);
      return null;
    }
  }

  async #files(a: NamedPath, b: NamedPath, tellsNames: boolean): Promise<number> {
    const [left, right] = [await this.#read(a), await this.#read(b)];
    if (left === null || right === null) return TROUBLE;
    const given = this.#given;
    const isEqual =
      left.byteLength === right.byteLength && left.every((byte, at) => byte === right[at]);
    const changes = isEqual ? [] : await this.#changes(left, right);
    if (changes !== "binary" && changes.length === 0) {
      if (given.has("s")) await this.output.add(`Files ${a.shown} and ${b.shown} are identical\n`);
      return 0;
    }
    if (given.has("q")) {
      await this.output.add(`Files ${a.shown} and ${b.shown} differ\n`);
      return 1;
    }
    if (changes === "binary") {
      await this.output.add(`Binary files ${a.shown} and ${b.shown} differ\n`);
      return 1;
    }
    if (tellsNames)
      await this.output.add(
        `diff ${this.#shownOptions === "" ? "" : `${this.#shownOptions} `}${a.shown} ${b.shown}\n`,
      );
    await this.output.add(this.#formatted(changes, [sideOf(left), sideOf(right)], [a, b]));
    return 1;
  }

  async #changes(left: Uint8Array, right: Uint8Array): Promise<Change[] | "binary"> {
    if (!this.#given.has("a") && (left.includes(0) || right.includes(0))) return "binary";
    const { changesBetween } = await import("./changes.ts");
    const [a, b] = [sideOf(left), sideOf(right)];
    const key = this.#key();
    // A missing line feed at the end makes a line another one.
    const marked = ({ lines, endsInLine }: Side): string[] =>
      lines.map((line, at) => (at === lines.length - 1 && !endsInLine ? `${line}\0` : line));
    const changes = changesBetween(marked(a), marked(b), key);
    if (!this.#given.has("B")) return changes;
    const isBlank = (lines: readonly string[]): boolean => lines.every((line) => line === "");
    return changes.filter(
      ({ aFrom, aTo, bFrom, bTo }) =>
        !isBlank(a.lines.slice(aFrom, aTo)) || !isBlank(b.lines.slice(bFrom, bTo)),
    );
  }

  #key(): (line: string) => string {
    const given = this.#given;
    return (line) => {
      let key = line;
      if (given.has("w")) key = key.replaceAll(/\s/g, "");
      else if (given.has("b")) key = key.replaceAll(/\s+/g, " ").replace(/ $/, "");
      if (given.has("Z")) key = key.replace(/\s+$/, "");
      if (given.has("strip-trailing-cr")) key = key.replace(/\r$/, "");
      return given.has("i") ? key.toLowerCase() : key;
    };
  }

  #formatted(
    changes: readonly Change[],
    sides: readonly [Side, Side],
    [a, b]: readonly [NamedPath, NamedPath],
  ): string {
    const given = this.#given;
    const labels = { a: this.#label(0, a), b: this.#label(1, b) };
    const lines = (key: string): number => Number(given.get(key) || CONTEXT);
    if (given.has("u") || given.has("U") || given.has("unified"))
      return unifiedFormat(
        changes,
        sides,
        labels,
        given.has("U") ? Number(given.get("U")) : lines("unified"),
      );
    if (given.has("c") || given.has("C") || given.has("context"))
      return contextFormat(
        changes,
        sides,
        labels,
        given.has("C") ? Number(given.get("C")) : lines("context"),
      );
    return normalFormat(changes, ...sides);
  }

  #label(index: number, { shown, path }: NamedPath): string {
    const label = this.#labels[index];
    if (label !== undefined) return label;
    const time = statusOf(this.#call.shell, path)?.mtimeMs ?? (shown === "-" ? Date.now() : 0);
    return `${shown}\t${formatTime("%Y-%m-%d %H:%M:%S.%N %z", new Date(time))}`;
  }
}

/** Whether an argument is an option, or the argument of one. */
function isOption(arg: string, before = ""): boolean {
  return /^-./.test(arg) || /^-\w*[LxUC]$/.test(before);
}

function sideOf(bytes: Uint8Array): Side {
  const text = decodeText(bytes);
  if (text === "") return { lines: [], endsInLine: true };
  const endsInLine = text.endsWith("\n");
  return { lines: (endsInLine ? text.slice(0, -1) : text).split("\n"), endsInLine };
}
