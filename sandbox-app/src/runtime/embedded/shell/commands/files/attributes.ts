import { errnoOf, errnoWords } from "../../redirect/error-words.ts";
import { type Command, type CommandCall, complain, sizeOf } from "../command.ts";
import { gnuOptions } from "../gnu-options.ts";
import { parseDate } from "../text/dates.ts";
import { modeText } from "../text/modes.ts";
import { inside, type NamedPath, named, statusOf } from "../text/walk.ts";
import { changedMode } from "./mode-change.ts";

const NEW_FILE_MODE = 0o666;

export const chmod: Command = async (call) => {
  const { shell } = call;
  // `-x` and its like are modes, not options.
  const at = call.args.findIndex((arg) => /^-[rwxXstugo]+$/.test(arg) && !/^-R+$/.test(arg));
  const args = call.args.filter((_, index) => index !== at);
  const { given, operands, unknown } = gnuOptions(args, {
    letters: "Rvcf",
    long: {
      recursive: "R",
      verbose: "v",
      changes: "c",
      silent: "f",
      quiet: "f",
      reference: "reference:",
    },
  });
  if (unknown !== null) return complain(call, unknown);
  const files = [...operands];
  const reference = given.get("reference");
  const like = reference === undefined ? null : statusOf(shell, named(shell, reference).path);
  const mode = like === null ? (at === -1 ? files.shift() : call.args[at]) : like.mode.toString(8);
  if (mode === undefined) return complain(call, "missing operand");
  if (changedMode(mode, 0, false, 0) === null) {
    await complain(call, `invalid mode: ‘${mode}’`);
    await shell.complain("Try 'chmod --help' for more information.\n");
    return 1;
  }
  let status = 0;
  for (const file of files) if (!(await change(call, given, mode, named(shell, file)))) status = 1;
  return status;
};

async function change(
  call: CommandCall,
  given: ReadonlyMap<string, string>,
  text: string,
  place: NamedPath,
): Promise<boolean> {
  const { shell } = call;
  const status = statusOf(shell, place.path);
  if (status === null) {
    if (!given.has("f"))
      await complain(call, `cannot access '${place.shown}': No such file or directory`);
    return false;
  }
  const isDirectory = status.type === "directory";
  const mode = changedMode(text, status.mode, isDirectory, shell.process.umask) ?? status.mode;
  try {
    await shell.process.system.call("chmod", place.path, mode);
  } catch (error) {
    await complain(call, `changing permissions of '${place.shown}': ${errnoWords(error)}`);
    return false;
  }
  const isChanged = mode !== status.mode;
  if (given.has("v") || (given.has("c") && isChanged)) {
    const shownMode = (bits: number): string =>
      `${bits.toString(8).padStart(4, "0")} (${modeText({ type: "file", mode: bits }).slice(1)})`;
    await shell.print(
      isChanged
        ? `mode of '${place.shown}' changed from ${shownMode(status.mode)} to ${shownMode(mode)}\n`
        : `mode of '${place.shown}' retained as ${shownMode(mode)}\n`,
    );
  }
  if (!given.has("R") || !isDirectory) return true;
  let isWell = true;
  for (const { name, type } of await shell.process.system.call("readdir", place.path))
    if (type !== "symlink" && !(await change(call, given, text, inside(place, name))))
      isWell = false;
  return isWell;
}

export const touch: Command = async (call) => {
  const { shell } = call;
  const { given, operands, unknown } = gnuOptions(call.args, {
    letters: "acd:fhmr:t:",
    long: { date: "d", reference: "r", "no-create": "c", time: "time:", "no-dereference": "h" },
  });
  if (unknown !== null) return complain(call, unknown);
  if (operands.length === 0) {
    await complain(call, "missing file operand");
    await shell.complain("Try 'touch --help' for more information.\n");
    return 1;
  }
  const time = timeFor(call, given);
  if (typeof time === "string") return complain(call, time);
  let status = 0;
  for (const operand of operands) {
    try {
      await touchOne(call, given, named(shell, operand), time);
    } catch (error) {
      if (errnoOf(error) === "") throw error;
      status = await complain(call, `cannot touch '${operand}': ${errnoWords(error)}`);
    }
  }
  return status;
};

interface Times {
  readonly atimeMs: number;
  readonly mtimeMs: number;
}

function timeFor({ shell }: CommandCall, given: ReadonlyMap<string, string>): Times | string {
  const same = (date: Date): Times => ({ atimeMs: date.getTime(), mtimeMs: date.getTime() });
  const text = given.get("d");
  if (text !== undefined) {
    const date = parseDate(text, new Date());
    return date === null ? `invalid date format ‘${text}’` : same(date);
  }
  const stamp = given.get("t");
  if (stamp !== undefined) {
    const match = /^(\d{2}|\d{4})?(\d{2})(\d{2})(\d{2})(\d{2})(?:\.(\d{2}))?$/.exec(stamp);
    if (match === null) return `invalid date format ‘${stamp}’`;
    const [year, month, day, hour, minute, second] = match
      .slice(1)
      .map((part) => Number(part ?? 0));
    const full =
      match[1] === undefined
        ? new Date().getFullYear()
        : (year ?? 0) + (match[1].length === 2 ? 2000 : 0);
    return same(new Date(full, (month ?? 1) - 1, day, hour, minute, second));
  }
  const reference = given.get("r");
  if (reference === undefined) return same(new Date());
  const status = statusOf(shell, named(shell, reference).path);
  return status ?? `failed to get attributes of '${reference}': No such file or directory`;
}

async function touchOne(
  { shell }: CommandCall,
  given: ReadonlyMap<string, string>,
  { path }: NamedPath,
  { atimeMs, mtimeMs }: Times,
): Promise<void> {
  const { system } = shell.process;
  let status = statusOf(shell, path);
  if (status === null) {
    if (given.has("c")) return;
    const mode = NEW_FILE_MODE & ~shell.process.umask;
    await system.call("writeFile", path, new Uint8Array(), { mode });
    if (!given.has("d") && !given.has("t") && !given.has("r")) return;
    status = statusOf(shell, path);
  }
  await system.call(
    "utimes",
    path,
    given.has("m") ? (status?.atimeMs ?? atimeMs) : atimeMs,
    given.has("a") ? (status?.mtimeMs ?? mtimeMs) : mtimeMs,
  );
}

export const truncate: Command = async (call) => {
  const { shell } = call;
  const { given, operands, unknown } = gnuOptions(call.args, {
    letters: "cs:r:",
    long: { size: "s", "no-create": "c", reference: "r" },
  });
  if (unknown !== null) return complain(call, unknown);
  const [, sign = "", text = ""] = /^([-+]?)(.*)$/.exec(given.get("s") ?? "") ?? [];
  const size = sizeOf(text);
  if (size === null) return complain(call, `Invalid number: ‘${given.get("s") ?? ""}’`);
  for (const operand of operands) {
    const { path } = named(shell, operand);
    const status = statusOf(shell, path);
    if (status === null && given.has("c")) continue;
    const before = status?.size ?? 0;
    const after = sign === "+" ? before + size : sign === "-" ? Math.max(0, before - size) : size;
    if (status === null) await shell.process.system.call("writeFile", path, new Uint8Array());
    await shell.process.system.call("truncate", path, after);
  }
  return 0;
};
