import type { FileStatus } from "../../../kernel/system-calls.ts";
import { patternToRegExp } from "../../expand/pattern.ts";
import type { Shell } from "../../state/shell.ts";
import { parseDate } from "../text/dates.ts";
import { compilePattern } from "../text/posix-pattern.ts";
import { baseName, named, statusOf } from "../text/walk.ts";
import { ExpressionError, type Term, type Words } from "./expression.ts";

export const typeLetters: Readonly<Record<FileStatus["type"], string>> = {
  file: "f",
  directory: "d",
  symlink: "l",
  pipe: "p",
  socket: "s",
  terminal: "c",
  device: "c",
};

const MINUTE = 60_000;
const DAY = 86_400_000;

/** Units of `-size` in bytes. */
const sizes: Readonly<Record<string, number>> = {
  "": 512,
  b: 512,
  c: 1,
  w: 2,
  k: 1024,
  M: 1024 ** 2,
  G: 1024 ** 3,
};

/** Makes a test of its name; null when there is no such test. */
export function makeTest(shell: Shell, name: string, words: Words): Term | null {
  const kind = name.replace(/^-/, "");
  const text = (): string => words.argument(name);
  switch (kind) {
    case "name":
    case "iname": {
      const pattern = patternToRegExp(text(), { ignoreCase: kind === "iname" });
      return ({ shown }) => pattern.test(baseName(shown));
    }
    case "path":
    case "ipath":
    case "wholename": {
      const pattern = patternToRegExp(text(), { ignoreCase: kind === "ipath" });
      return ({ shown }) => pattern.test(shown);
    }
    case "regex":
    case "iregex": {
      const pattern = compilePattern(`^\\(${text()}\\)$`, "basic", {
        ignoresCase: kind === "iregex",
      });
      return ({ shown }) => pattern.test(shown);
    }
    case "type":
      return typeTest(text());
    case "true":
      return () => true;
    case "false":
      return () => false;
    default:
      return statusTest(shell, name, words) ?? timeTest(shell, name, words);
  }
}

function typeTest(list: string): Term {
  const letters = list.split(",");
  const bad = letters.find((letter) => !/^[bcdpfls]$/.test(letter));
  if (bad !== undefined) throw new ExpressionError(`Unknown argument to -type: ${bad}`);
  return ({ status }) => letters.includes(typeLetters[status.type]);
}

function statusTest(shell: Shell, name: string, words: Words): Term | null {
  switch (name) {
    case "-size": {
      const argument = words.argument(name);
      const match = /^([-+]?)(\d+)([bcwkMG]?)$/.exec(argument);
      if (match === null) throw new ExpressionError(`Invalid argument \`${argument}' to -size`);
      const unit = sizes[match[3] ?? ""] ?? 1;
      const compare = comparison(match[1] ?? "", Number(match[2]));
      return ({ status }) => compare(Math.ceil(status.size / unit));
    }
    case "-empty":
      return ({ status, path }) =>
        status.type === "directory"
          ? shell.process.system.callSync("readdir", path).length === 0
          : status.type === "file" && status.size === 0;
    case "-perm":
      return permissionTest(words.argument(name));
    case "-links":
      return numberTest(name, words, ({ nlink }) => nlink);
    case "-inum":
      return numberTest(name, words, ({ ino }) => ino);
    case "-uid":
    case "-gid":
      return numberTest(name, words, ({ uid }) => uid);
    case "-user":
    case "-group": {
      const wanted = words.argument(name) === "root" ? 0 : 1000;
      return ({ status }) => status.uid === wanted;
    }
    case "-samefile": {
      const other = statusOf(shell, named(shell, words.argument(name)).path);
      return ({ status }) => status.ino === other?.ino;
    }
    case "-readable":
    case "-writable":
      return () => true;
    case "-executable":
      return ({ status }) => (status.mode & 0o111) !== 0;
    default:
      return null;
  }
}

/** `+n`, `-n`, `n` */
function comparison(sign: string, wanted: number): (found: number) => boolean {
  return (found) =>
    sign === "+" ? found > wanted : sign === "-" ? found < wanted : found === wanted;
}

function signed(name: string, words: Words): (found: number) => boolean {
  const argument = words.argument(name);
  const match = /^([-+]?)(\d+)$/.exec(argument);
  if (match === null) throw new ExpressionError(`invalid argument \`${argument}' to \`${name}'`);
  return comparison(match[1] ?? "", Number(match[2]));
}

function numberTest(name: string, words: Words, of: (status: FileStatus) => number): Term {
  const compare = signed(name, words);
  return ({ status }) => compare(of(status));
}

function permissionTest(argument: string): Term {
  const [, how = "", digits = ""] = /^([-/]?)([0-7]+)$/.exec(argument) ?? [];
  if (digits === "") throw new ExpressionError(`invalid mode \`${argument}'`);
  const bits = Number.parseInt(digits, 8);
  return ({ status: { mode } }) =>
    how === "-"
      ? (mode & bits) === bits
      : how === "/"
        ? bits === 0 || (mode & bits) !== 0
        : mode === bits;
}

function timeTest(shell: Shell, name: string, words: Words): Term | null {
  const match = /^-([amc])(time|min)$/.exec(name);
  if (match !== null) {
    const unit = match[2] === "time" ? DAY : MINUTE;
    const compare = signed(name, words);
    const now = Date.now();
    return ({ status }) => compare(Math.floor((now - timeOf(status, match[1] ?? "")) / unit));
  }
  if (/^-([amc])?newer$/.test(name)) {
    const file = words.argument(name);
    const other = statusOf(shell, named(shell, file).path);
    if (other === null) throw new ExpressionError(`'${file}': No such file or directory`);
    return ({ status }) => status.mtimeMs > other.mtimeMs;
  }
  if (name === "-newermt") {
    const text = words.argument(name);
    const date = parseDate(text, new Date());
    if (date === null)
      throw new ExpressionError(`I cannot figure out how to interpret '${text}' as a date or time`);
    return ({ status }) => status.mtimeMs > date.getTime();
  }
  return null;
}

function timeOf(status: FileStatus, letter: string): number {
  if (letter === "a") return status.atimeMs;
  return letter === "c" ? status.ctimeMs : status.mtimeMs;
}
