import { WORKSPACE_MAX_BYTES } from "#protocol/limits.ts";
import { formatTime } from "../../builtins/format-time.ts";
import type { FileStatus } from "../../../kernel/system-calls.ts";
import { type Command, type CommandCall, complain } from "../command.ts";
import { gnuOptions } from "../gnu-options.ts";
import { modeText, USER_NAMES } from "../text/modes.ts";
import { inside, type NamedPath, named, statusOf } from "../text/walk.ts";
import { blocksOf, humanSize } from "./sizes.ts";

const typeWords: Readonly<Record<FileStatus["type"], string>> = {
  file: "regular file",
  directory: "directory",
  symlink: "symbolic link",
  pipe: "fifo",
  socket: "socket",
  terminal: "character special file",
  device: "character special file",
};

/** Bits of the type in `st_mode` (inode(7)). */
const typeBits: Readonly<Record<FileStatus["type"], number>> = {
  file: 0o100000,
  directory: 0o040000,
  symlink: 0o120000,
  pipe: 0o010000,
  socket: 0o140000,
  terminal: 0o020000,
  device: 0o020000,
};

const STANDARD_FORMAT = `  File: %n
  Size: %-10s\tBlocks: %-10b IO Block: %-6o %F
Device: 1\tInode: %-11i Links: %h
Access: (%04a/%A)  Uid: (%5u/%8U)   Gid: (%5g/%8G)
Access: %x
Modify: %y
Change: %z
 Birth: %w
`;

export const stat: Command = async (call) => {
  const { shell } = call;
  const { given, operands, unknown } = gnuOptions(call.args, {
    letters: "c:fLt",
    long: { format: "c", printf: "printf:", dereference: "L", "file-system": "f", terse: "t" },
  });
  if (unknown !== null) return complain(call, unknown);
  if (operands.length === 0) return complain(call, "missing operand");
  const printf = given
    .get("printf")
    ?.replaceAll(
      /\\([ntr\\0])/g,
      (_, letter: string) => ({ n: "\n", t: "\t", r: "\r", "0": "\0" })[letter] ?? letter,
    );
  const chosen = given.get("c");
  const format = printf ?? (chosen === undefined ? STANDARD_FORMAT : `${chosen}\n`);
  let status = 0;
  for (const operand of operands) {
    const place = named(shell, operand);
    const found = statusOf(shell, place.path, given.has("L"));
    if (found === null)
      status = await complain(call, `cannot statx '${operand}': No such file or directory`);
    else await shell.print(shownStatus(format, call, place, found));
  }
  return status;
};

function shownStatus(
  format: string,
  call: CommandCall,
  place: NamedPath,
  status: FileStatus,
): string {
  return format.replaceAll(
    /%([-0#+ ']*)(\d*)(?:\.(\d+))?([a-zA-Z%])/g,
    (whole, flags: string, width: string, _precision, letter: string) => {
      const value = statusField(letter, call, place, status);
      if (value === null) return whole;
      if (flags.includes("-")) return value.padEnd(Number(width));
      return value.padStart(Number(width), flags.includes("0") ? "0" : " ");
    },
  );
}

function statusField(
  letter: string,
  { shell }: CommandCall,
  { shown, path }: NamedPath,
  status: FileStatus,
): string | null {
  const { type, mode } = status;
  const time = (ms: number): string => formatTime("%Y-%m-%d %H:%M:%S.%N %z", new Date(ms));
  const seconds = (ms: number): string => String(Math.floor(ms / 1000));
  const quoted = (text: string): string => `'${text}'`;
  const values: Readonly<Record<string, () => string>> = {
    "%": () => "%",
    a: () => mode.toString(8),
    A: () => modeText(status),
    b: () => String(blocksOf(status) * 2),
    B: () => "512",
    d: () => "1",
    f: () => (typeBits[type] | mode).toString(16),
    F: () => (type === "file" && status.size === 0 ? "regular empty file" : typeWords[type]),
    g: () => String(status.gid),
    G: () => USER_NAMES[status.gid] ?? String(status.gid),
    h: () => String(status.nlink),
    i: () => String(status.ino),
    n: () => shown,
    N: () =>
      type === "symlink"
        ? `${quoted(shown)} -> ${quoted(shell.process.system.callSync("readlink", path))}`
        : quoted(shown),
    o: () => "4096",
    s: () => String(status.size),
    u: () => String(status.uid),
    U: () => USER_NAMES[status.uid] ?? String(status.uid),
    w: () => time(status.birthtimeMs),
    W: () => seconds(status.birthtimeMs),
    x: () => time(status.atimeMs),
    X: () => seconds(status.atimeMs),
    y: () => time(status.mtimeMs),
    Y: () => seconds(status.mtimeMs),
    z: () => time(status.ctimeMs),
    Z: () => seconds(status.ctimeMs),
  };
  return values[letter]?.() ?? null;
}

interface Count {
  readonly call: CommandCall;
  readonly counts: (status: FileStatus) => number;
  readonly shows: (amount: number) => string;
  readonly deepest: number;
  readonly showsFiles: boolean;
}

export const du: Command = async (call) => {
  const { shell } = call;
  const { given, operands, unknown } = gnuOptions(call.args, {
    letters: "abcd:hkmsxBL",
    long: {
      all: "a",
      bytes: "b",
      total: "c",
      "max-depth": "d",
      "human-readable": "h",
      summarize: "s",
      "apparent-size": "apparent-size",
      exclude: "exclude:",
    },
  });
  if (unknown !== null) return complain(call, unknown);
  const isBytes = given.has("b");
  const isApparent = isBytes || given.has("apparent-size");
  const size = (amount: number): string => {
    if (given.has("h")) return humanSize(amount);
    return String(isBytes ? amount : Math.ceil(amount / (given.has("m") ? 1024 ** 2 : 1024)));
  };
  const count: Count = {
    call,
    counts: (status) => (isApparent ? status.size : blocksOf(status) * 1024),
    shows: size,
    deepest: given.has("s") ? 0 : Number(given.get("d") ?? Infinity),
    showsFiles: given.has("a"),
  };
  let status = 0;
  let total = 0;
  for (const operand of operands.length === 0 ? ["."] : operands) {
    const place = named(shell, operand);
    if (statusOf(shell, place.path, false) === null)
      status = await complain(call, `cannot access '${operand}': No such file or directory`);
    else total += await weigh(count, place, 0);
  }
  if (given.has("c")) await shell.print(`${size(total)}\ttotal\n`);
  return status;
};

async function weigh(count: Count, place: NamedPath, depth: number): Promise<number> {
  const { call, counts, shows, deepest, showsFiles } = count;
  const { shell } = call;
  await shell.process.pace(shell.signal);
  const status = statusOf(shell, place.path, false);
  if (status === null) return 0;
  let amount = counts(status);
  const isDirectory = status.type === "directory";
  if (isDirectory)
    for (const { name } of await shell.process.system.call("readdir", place.path))
      amount += await weigh(count, inside(place, name), depth + 1);
  if (depth <= deepest && (isDirectory || showsFiles || depth === 0))
    await shell.print(`${shows(amount)}\t${place.shown}\n`);
  return amount;
}

export const df: Command = async ({ shell, args }) => {
  const isHuman = args.some((arg) => /^-\w*h/.test(arg));
  const used = await weigh(
    {
      call: { shell, name: "df", args },
      counts: ({ size, type }) => (type === "file" ? size : 0),
      shows: String,
      deepest: -1,
      showsFiles: false,
    },
    { shown: "/", path: "/home" },
    0,
  );
  const size = (bytes: number): string =>
    isHuman ? humanSize(bytes) : String(Math.ceil(bytes / 1024));
  const cells = [WORKSPACE_MAX_BYTES, used, WORKSPACE_MAX_BYTES - used].map(size);
  const percent = `${Math.ceil((used / WORKSPACE_MAX_BYTES) * 100)}%`;
  const head = isHuman ? ["Size", "Used", "Avail"] : ["1K-blocks", "Used", "Available"];
  const row = (name: string, columns: readonly string[], share: string, mount: string): string =>
    `${name.padEnd(15)}${columns.map((cell, at) => cell.padStart(Math.max(5, head[at]?.length ?? 0))).join(" ")} ${share.padStart(4)} ${mount}\n`;
  await shell.print(
    row("Filesystem", head, "Use%", "Mounted on") + row("disco", cells, percent, "/"),
  );
  return 0;
};
