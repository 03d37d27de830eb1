import { formatTime } from "../../builtins/format-time.ts";
import type { FileStatus } from "../../../kernel/system-calls.ts";
import { singleQuoted } from "../../expand/quote.ts";
import { type Command, type CommandCall, complain } from "../command.ts";
import { gnuOptions } from "../gnu-options.ts";
import { compareVersions } from "../sort/keys.ts";
import { modeText, USER_NAMES } from "../text/modes.ts";
import { inside, type NamedPath, named, statusOf } from "../text/walk.ts";
import { widthOf } from "../../../terminal/width.ts";
import { blocksOf, humanSize } from "./sizes.ts";

/** Serious trouble: an operand cannot be read (ls(1), Exit status). */
const TROUBLE = 2;
/** Columns of a terminal when it does not tell. */
const COLUMNS = 80;
/** Half a year: older files show their year instead of the time. */
const RECENT_MS = 15_778_476_000;

interface Entry extends NamedPath {
  readonly name: string;
  readonly status: FileStatus;
}

const long = {
  all: "a",
  "almost-all": "A",
  directory: "d",
  "human-readable": "h",
  inode: "i",
  reverse: "r",
  recursive: "R",
  size: "s",
  classify: "F",
  "file-type": "p",
  dereference: "L",
  "numeric-uid-gid": "n",
  "quote-name": "Q",
  "full-time": "full-time",
  "group-directories-first": "group-directories-first",
  color: "color::",
  "time-style": "time-style:",
  sort: "sort:",
  format: "format:",
  time: "time:",
  width: "w",
  "no-group": "G",
  literal: "N",
  hyperlink: "hyperlink::",
} as const;

/** `ls` (coreutils): one name a line, or columns where the output is a terminal. */
export const ls: Command = async (call) => {
  const { given, operands, unknown } = gnuOptions(call.args, {
    letters: "aA1lhdFprRtSisnLQmxCgGoHkUXvcuNBqbw:T:I:",
    long,
  });
  if (unknown !== null) return complain(call, unknown, TROUBLE);
  return new List(call, given).run(operands.length === 0 ? ["."] : operands);
};

type Given = ReadonlyMap<string, string>;

class List {
  readonly #call: CommandCall;
  readonly #given: Given;
  readonly #columns: number | null;
  #status = 0;
  #isFirst = true;

  constructor(call: CommandCall, given: Given) {
    this.#call = call;
    this.#given = given;
    this.#columns = terminalColumns(call);
  }

  async run(operands: readonly string[]): Promise<number> {
    const files: Entry[] = [];
    const directories: Entry[] = [];
    for (const operand of operands) {
      const entry = this.#entry(named(this.#call.shell, operand), operand, true);
      if (entry === null) {
        this.#status = await complain(
          this.#call,
          `cannot access '${operand}': No such file or directory`,
          TROUBLE,
        );
      } else if (entry.status.type === "directory" && !this.#given.has("d"))
        directories.push(entry);
      else files.push(entry);
    }
    if (files.length > 0) {
      await this.#print(this.#sorted(files), false);
      this.#isFirst = false;
    }
    const showsNames = operands.length > 1 || this.#given.has("R");
    for (const directory of this.#sorted(directories)) await this.#directory(directory, showsNames);
    return this.#status;
  }

  #entry(place: NamedPath, name: string, isOperand: boolean): Entry | null {
    const { shell } = this.#call;
    const link = statusOf(shell, place.path, false);
    const isLong = this.#isLong() || this.#given.has("d") || this.#given.has("F");
    const follows = this.#given.has("L") || (isOperand && !isLong);
    const status = follows && link?.type === "symlink" ? statusOf(shell, place.path) : link;
    if (status === null)
      return this.#given.has("L") || link === null ? null : { ...place, name, status: link };
    return { ...place, name, status };
  }

  #isLong(): boolean {
    return (
      ["l", "n", "g", "o", "full-time"].some((key) => this.#given.has(key)) ||
      this.#given.get("format") === "long"
    );
  }

  async #directory(directory: Entry, showsName: boolean): Promise<void> {
    const { shell } = this.#call;
    if (showsName) {
      await shell.print(`${this.#isFirst ? "" : "\n"}${directory.shown}:\n`);
      this.#isFirst = false;
    }
    const shows = this.#given.has("a") ? "all" : this.#given.has("A") ? "most" : "plain";
    const names = (await shell.process.system.call("readdir", directory.path))
      .map(({ name }) => name)
      .filter((name) => shows !== "plain" || !name.startsWith("."));
    const entries = names.flatMap(
      (name) => this.#entry(inside(directory, name), name, false) ?? [],
    );
    if (shows === "all") {
      for (const name of [".", ".."]) {
        const entry = this.#entry(named(shell, `${directory.path}/${name}`), name, false);
        if (entry !== null) entries.push(entry);
      }
    }
    const sorted = this.#sorted(entries);
    await this.#print(sorted, true);
    if (!this.#given.has("R")) return;
    for (const entry of sorted) {
      if (entry.status.type === "directory" && entry.name !== "." && entry.name !== "..")
        await this.#directory({ ...entry, ...inside(directory, entry.name) }, true);
    }
  }

  #sorted(entries: readonly Entry[]): Entry[] {
    const given = this.#given;
    if (given.has("U") || given.get("sort") === "none") return [...entries];
    const by = given.get("sort");
    const byName = (a: Entry, b: Entry): number => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
    let compare = byName;
    if (given.has("t") || by === "time")
      compare = (a, b) => b.status.mtimeMs - a.status.mtimeMs || byName(a, b);
    else if (given.has("S") || by === "size")
      compare = (a, b) => b.status.size - a.status.size || byName(a, b);
    else if (given.has("v") || by === "version")
      compare = (a, b) => compareVersions(a.name, b.name);
    else if (given.has("X") || by === "extension")
      compare = (a, b) => {
        const [one, other] = [a, b].map(({ name }) => /\.[^.]*$/.exec(name)?.[0] ?? "");
        return (one ?? "") < (other ?? "") ? -1 : (one ?? "") > (other ?? "") ? 1 : byName(a, b);
      };
    const sorted = entries.toSorted(compare);
    if (given.has("r")) sorted.reverse();
    if (!given.has("group-directories-first")) return sorted;
    const isDirectory = ({ status }: Entry): boolean => status.type === "directory";
    return [...sorted.filter(isDirectory), ...sorted.filter((entry) => !isDirectory(entry))];
  }

  async #print(entries: readonly Entry[], hasTotal: boolean): Promise<void> {
    const { shell } = this.#call;
    const given = this.#given;
    if (this.#isLong()) return this.#printLong(entries, hasTotal);
    const names = entries.map((entry) => this.#prefix(entry) + this.#shownName(entry));
    if (given.has("m")) return shell.print(`${names.join(", ")}\n`);
    const isColumns =
      (this.#columns !== null || given.has("C") || given.has("x")) && !given.has("1");
    if (!isColumns) return shell.print(names.map((name) => `${name}\n`).join(""));
    return shell.print(inColumns(names, this.#columns ?? COLUMNS));
  }

  #prefix({ status }: Entry): string {
    const inode = this.#given.has("i") ? `${status.ino} ` : "";
    return this.#given.has("s") ? `${inode}${blocksOf(status)} ` : inode;
  }

  #shownName({ name, status }: Entry): string {
    const shown = this.#given.has("Q")
      ? `"${name.replaceAll(/["\\]/g, String.raw`\$&`)}"`
      : this.#columns !== null && /[\s'"\\$&;|<>()*?]/.test(name)
        ? singleQuoted(name)
        : name;
    if (!this.#given.has("F") && !this.#given.has("p")) return shown;
    if (status.type === "directory") return `${shown}/`;
    if (!this.#given.has("F")) return shown;
    if (status.type === "symlink") return this.#isLong() ? shown : `${shown}@`;
    if (status.type === "pipe") return `${shown}|`;
    return status.type === "file" && (status.mode & 0o111) !== 0 ? `${shown}*` : shown;
  }

  async #printLong(entries: readonly Entry[], hasTotal: boolean): Promise<void> {
    const { shell } = this.#call;
    const given = this.#given;
    const human = given.has("h");
    const rows = entries.map((entry) => {
      const { status } = entry;
      const owner = (id: number): string =>
        given.has("n") ? String(id) : (USER_NAMES[id] ?? String(id));
      return [
        modeText(status),
        String(status.nlink),
        ...(given.has("g") ? [] : [owner(status.uid)]),
        ...(given.has("o") || given.has("G") ? [] : [owner(status.gid)]),
        human ? humanSize(status.size) : String(status.size),
        this.#time(status.mtimeMs),
      ];
    });
    const widths = rows[0]?.map((_, column) =>
      Math.max(...rows.map((row) => row[column]?.length ?? 0)),
    );
    const total = entries.reduce((sum, { status }) => sum + blocksOf(status), 0);
    const lines = entries.map((entry, index) => {
      const cells = rows[index]?.map((cell, column) => {
        const isNumber = column === 1 || column === (rows[index]?.length ?? 0) - 2;
        const width = widths?.[column] ?? 0;
        return isNumber ? cell.padStart(width) : cell.padEnd(width);
      });
      return `${this.#prefix(entry)}${cells?.join(" ") ?? ""} ${this.#shownName(entry)}${this.#target(entry)}\n`;
    });
    const head = hasTotal ? `total ${human ? humanSize(total * 1024) : total}\n` : "";
    await shell.print(head + lines.join(""));
  }

  #target({ path, status }: Entry): string {
    if (status.type !== "symlink") return "";
    return ` -> ${this.#call.shell.process.system.callSync("readlink", path)}`;
  }

  #time(ms: number): string {
    const date = new Date(ms);
    const style = this.#given.has("full-time") ? "full-iso" : this.#given.get("time-style");
    if (style === "long-iso") return formatTime("%Y-%m-%d %H:%M", date);
    if (style === "full-iso") return formatTime("%Y-%m-%d %H:%M:%S.%N %z", date);
    if (style === "iso") return formatTime("%m-%d %H:%M", date);
    if (style?.startsWith("+") === true) return formatTime(style.slice(1), date);
    const age = Date.now() - ms;
    return formatTime(age > RECENT_MS || age < 0 ? "%b %e  %Y" : "%b %e %H:%M", date);
  }
}

function terminalColumns({ shell }: CommandCall): number | null {
  const file = shell.descriptors.get(1)?.file;
  if (file === undefined || !("isKernel" in file)) return null;
  return shell.process.system.callSync("terminalSize", file.kernelFd())?.columns ?? null;
}

/** Down the columns, as many as fit. */
function inColumns(names: readonly string[], width: number): string {
  if (names.length === 0) return "";
  const widths = names.map((name) =>
    Array.from(name).reduce((sum, char) => sum + widthOf(char), 0),
  );
  for (let count = Math.min(names.length, Math.floor(width / 3)); count >= 1; count--) {
    const rows = Math.ceil(names.length / count);
    const columns = Array.from({ length: Math.ceil(names.length / rows) }, (_, column) =>
      Math.max(...widths.slice(column * rows, (column + 1) * rows)),
    );
    const total = columns.reduce((sum, column) => sum + column + 2, -2);
    if (total > width && count > 1) continue;
    const lines = Array.from({ length: rows }, (_, row) =>
      columns
        .flatMap((column, at) => {
          const index = at * rows + row;
          const name = names[index];
          if (name === undefined) return [];
          return [
            name + " ".repeat(at === columns.length - 1 ? 0 : column + 2 - (widths[index] ?? 0)),
          ];
        })
        .join("")
        .trimEnd(),
    );
    return `${lines.join("\n")}\n`;
  }
  return "";
}
