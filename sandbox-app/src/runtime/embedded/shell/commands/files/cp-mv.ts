import type { FileStatus } from "../../../kernel/system-calls.ts";
import { errnoOf, errnoWords } from "../../redirect/error-words.ts";
import { type Command, type CommandCall, complain } from "../command.ts";
import { gnuOptions } from "../gnu-options.ts";
import { type NamedPath, named, statusOf } from "../text/walk.ts";
import { Copier, type CopyOptions, targetsOf } from "./copy.ts";

type Given = ReadonlyMap<string, string>;

const long = {
  archive: "a",
  recursive: "r",
  force: "f",
  interactive: "i",
  "no-clobber": "n",
  update: "u",
  verbose: "v",
  link: "l",
  "symbolic-link": "s",
  dereference: "L",
  "no-dereference": "P",
  preserve: "preserve::",
  "no-preserve": "no-preserve:",
  "target-directory": "t",
  "no-target-directory": "T",
  parents: "parents",
  reflink: "reflink::",
} as const;

function copyOptions(given: Given): CopyOptions {
  const isArchive = given.has("a");
  return {
    isRecursive: isArchive || given.has("r") || given.has("R"),
    keepsLinks: isArchive || given.has("P") || given.has("d"),
    preserves: isArchive || given.has("p") || given.has("preserve"),
    tells: given.has("v"),
    replaces: given.has("n") ? "never" : given.has("u") ? "older" : "always",
    makes: given.has("l") ? "hard links" : given.has("s") ? "symbolic links" : "copies",
    isForced: given.has("f"),
  };
}

export const cp: Command = async (call) => {
  const { given, operands, unknown } = gnuOptions(call.args, {
    letters: "abdfHilLnPprRst:TuvxS:",
    long,
  });
  if (unknown !== null) return complain(call, unknown);
  const targets = await targetsOf(call, operands, given);
  if (targets === null) return 1;
  const copier = new Copier(call, copyOptions(given));
  let status = 0;
  for (const source of targets.sources) {
    const target = given.has("parents")
      ? await withParents(call, operands, source)
      : targets.target(source);
    if (!(await copier.copy(source, target))) status = 1;
  }
  return status;
};

/** `--parents`: the whole path of the source below the target. */
async function withParents(
  { shell }: CommandCall,
  operands: readonly string[],
  source: string,
): Promise<NamedPath> {
  const place = named(shell, `${operands.at(-1) ?? ""}/${source}`);
  const parent = place.path.slice(0, place.path.lastIndexOf("/"));
  await shell.process.system.call("mkdir", parent, { recursive: true });
  return place;
}

export const mv: Command = async (call) => {
  const { given, operands, unknown } = gnuOptions(call.args, { letters: "fint:TuvS:b", long });
  if (unknown !== null) return complain(call, unknown);
  const targets = await targetsOf(call, operands, given);
  return eachOf(targets, (source, to) => move(call, given, source, to));
};

async function move(
  call: CommandCall,
  given: Given,
  source: string,
  to: NamedPath,
): Promise<boolean> {
  const { shell } = call;
  const from = named(shell, source);
  const status = statusOf(shell, from.path, false);
  const there = statusOf(shell, to.path, false);
  if (status !== null && there !== null && keeps(given, status, there)) return true;
  const refused =
    status === null
      ? `cannot stat '${source}': No such file or directory`
      : moveRefusal(from, to, status, there);
  if (refused !== null) {
    await complain(call, refused);
    return false;
  }
  try {
    await shell.process.system.call("rename", from.path, to.path);
  } catch (error) {
    if (errnoOf(error) === "") throw error;
    await complain(call, `cannot move '${source}' to '${to.shown}': ${errnoWords(error)}`);
    return false;
  }
  if (given.has("v")) await shell.print(`renamed '${source}' -> '${to.shown}'\n`);
  return true;
}

/** `-n`, `-u` */
function keeps(given: Given, status: FileStatus, there: FileStatus): boolean {
  return given.has("n") || (given.has("u") && there.mtimeMs >= status.mtimeMs);
}

function moveRefusal(
  from: NamedPath,
  to: NamedPath,
  status: FileStatus,
  there: FileStatus | null,
): string | null {
  const isDirectory = status.type === "directory";
  if (there?.ino === status.ino) return `'${from.shown}' and '${to.shown}' are the same file`;
  if (there?.type === "directory" && !isDirectory)
    return `cannot overwrite directory '${to.shown}' with non-directory`;
  if (there !== null && there.type !== "directory" && isDirectory)
    return `cannot overwrite non-directory '${to.shown}' with directory '${from.shown}'`;
  if (isDirectory && `${to.path}/`.startsWith(`${from.path}/`))
    return `cannot move '${from.shown}' to a subdirectory of itself, '${to.shown}'`;
  return null;
}

export const ln: Command = async (call) => {
  const { shell } = call;
  const { given, operands, unknown } = gnuOptions(call.args, {
    letters: "finsrt:TvLP",
    long: {
      force: "f",
      symbolic: "s",
      "no-dereference": "n",
      relative: "r",
      verbose: "v",
      "target-directory": "t",
      "no-target-directory": "T",
    },
  });
  if (unknown !== null) return complain(call, unknown);
  const last = operands.at(-1) ?? "";
  const isLink =
    given.has("n") && statusOf(shell, named(shell, last).path, false)?.type === "symlink";
  const alone = operands.length === 1 ? [...operands, "."] : operands;
  const targets = await targetsOf(call, alone, isLink ? new Map([...given, ["T", ""]]) : given);
  return eachOf(targets, (source, to) => link(call, given, source, to));
};

/** @returns the exit status: that of the worst, and 1 where there is nothing to do it to */
async function eachOf(
  targets: Awaited<ReturnType<typeof targetsOf>>,
  work: (source: string, to: NamedPath) => Promise<boolean>,
): Promise<number> {
  if (targets === null) return 1;
  let status = 0;
  for (const source of targets.sources) {
    if (!(await work(source, targets.target(source)))) status = 1;
  }
  return status;
}

async function link(
  call: CommandCall,
  given: Given,
  source: string,
  to: NamedPath,
): Promise<boolean> {
  const { shell } = call;
  const { system } = shell.process;
  const kind = given.has("s") ? "symbolic" : "hard";
  const shown = to.shown.replace(/^\.\//, "./");
  try {
    if (kind === "hard" && statusOf(shell, named(shell, source).path, false) === null) {
      await complain(call, `failed to access '${source}': No such file or directory`);
      return false;
    }
    if (given.has("f") && statusOf(shell, to.path, false) !== null) {
      if (kind === "hard" && named(shell, source).path === to.path) {
        await complain(call, `'${source}' and '${shown}' are the same file`);
        return false;
      }
      await system.call("unlink", to.path);
    }
    const text = given.has("r")
      ? relativePath(to.path.slice(0, to.path.lastIndexOf("/")), named(shell, source).path)
      : source;
    if (kind === "symbolic") await system.call("symlink", text, to.path);
    else await system.call("link", named(shell, source).path, to.path);
  } catch (error) {
    if (errnoOf(error) === "") throw error;
    await complain(call, `failed to create ${kind} link '${shown}': ${errnoWords(error)}`);
    return false;
  }
  if (given.has("v"))
    await shell.print(`'${shown}' ${kind === "hard" ? "=>" : "->"} '${source}'\n`);
  return true;
}

/** The way from a directory to a path, both absolute. */
export function relativePath(from: string, to: string): string {
  const [left, right] = [from, to].map((path) => path.split("/").filter((part) => part !== ""));
  if (left === undefined || right === undefined) return to;
  let same = 0;
  while (same < left.length && left[same] === right[same]) same++;
  const parts = [...left.slice(same).map(() => ".."), ...right.slice(same)];
  return parts.length === 0 ? "." : parts.join("/");
}
