import { formatTime } from "../../builtins/format-time.ts";
import { patternToRegExp } from "../../expand/pattern.ts";
import { errnoWords } from "../../redirect/error-words.ts";
import { type Command, type CommandCall, complain } from "../command.ts";
import { type GnuOptions, gnuOptions } from "../gnu-options.ts";
import { baseName, inside, type NamedPath, named, statusOf } from "../text/walk.ts";

/** unzip(1) and zip(1), DIAGNOSTICS */
const NOTHING_TO_DO = 12;
const NOT_FOUND = 9;
const BAD_ARCHIVE = 3;
const USAGE_ERROR = 16;

type Zippable = Record<string, [Uint8Array, { mtime: Date; attrs: number; os: number }]>;

/** Made on Unix: the high half of the attributes is `st_mode` (APPNOTE 4.4.2, 4.4.15). */
const UNIX = 3;
const DIRECTORY_MODE = 0o040000;
const FILE_MODE = 0o100000;

export const zip: Command = async (call) => {
  const { shell } = call;
  // `-x` takes all words behind it.
  const at = call.args.indexOf("-x");
  const excluded = at === -1 ? [] : call.args.slice(at + 1).map((glob) => patternToRegExp(glob));
  const { given, operands, unknown } = gnuOptions(at === -1 ? call.args : call.args.slice(0, at), {
    letters: "rqjy0123456789uXv",
    long: { "recurse-paths": "r", quiet: "q", "junk-paths": "j" },
  });
  if (unknown !== null) return complain(call, unknown, USAGE_ERROR);
  const [target, ...sources] = operands;
  if (target === undefined || sources.length === 0)
    return complain(call, "Nothing to do!", USAGE_ERROR);
  const { zipSync, unzipSync } = await import("fflate");
  const file = named(shell, /\.\w+$/.test(target) || target === "-" ? target : `${target}.zip`);
  const contents: Zippable = {};
  const known = target === "-" ? null : statusOf(shell, file.path);
  if (known !== null) {
    const old = unzipSync(await shell.process.system.call("readFile", file.path));
    for (const [name, bytes] of Object.entries(old))
      contents[name] = [bytes, { mtime: new Date(), attrs: (FILE_MODE | 0o644) << 16, os: UNIX }];
  }
  const packing: Packing = { call, given, contents, excluded };
  for (const source of sources) {
    const place = named(shell, source);
    if (statusOf(shell, place.path) === null)
      await shell.print(`\tzip warning: name not matched: ${source}\n`);
    else
      await pack(packing, {
        ...place,
        shown: source.replace(/^(?:\.?\/)+/, "").replace(/\/+$/, ""),
      });
  }
  if (Object.keys(contents).length === 0) {
    await shell.print(`\nzip error: Nothing to do! (${file.shown})\n`);
    return NOTHING_TO_DO;
  }
  const level = [..."0123456789"].findLast((digit) => given.has(digit));
  const bytes = zipSync(contents, { level: Number(level ?? 6) as 6 });
  if (target === "-") await shell.write(1, bytes);
  else await shell.process.system.call("writeFile", file.path, bytes);
  return 0;
};

interface Packing {
  readonly call: CommandCall;
  readonly given: GnuOptions["given"];
  readonly contents: Zippable;
  readonly excluded: readonly RegExp[];
}

async function pack(packing: Packing, place: NamedPath): Promise<void> {
  const { call, given, contents, excluded } = packing;
  const { shell } = call;
  const status = statusOf(shell, place.path);
  if (status === null || excluded.some((pattern) => pattern.test(place.shown))) return;
  const isDirectory = status.type === "directory";
  const name = given.has("j") ? baseName(place.shown) : place.shown;
  const shown = isDirectory ? `${name}/` : name;
  if (name !== "" && name !== "." && !(isDirectory && given.has("j"))) {
    const type = isDirectory ? DIRECTORY_MODE : FILE_MODE;
    contents[shown] = [
      isDirectory ? new Uint8Array() : await shell.process.system.call("readFile", place.path),
      { mtime: new Date(status.mtimeMs), attrs: (type | status.mode) << 16, os: UNIX },
    ];
    if (!given.has("q")) await shell.print(`  adding: ${shown}\n`);
  }
  if (!isDirectory || !given.has("r")) return;
  for (const entry of await shell.process.system.call("readdir", place.path)) {
    const inner = inside(place, entry.name);
    await pack(
      packing,
      place.shown === "" || place.shown === "." ? { ...inner, shown: entry.name } : inner,
    );
  }
}

export const unzip: Command = async (call) => {
  const { shell } = call;
  const { given, operands, unknown } = gnuOptions(call.args, { letters: "lqod:pjntv", long: {} });
  if (unknown !== null) return complain(call, unknown, USAGE_ERROR);
  const [file, ...wanted] = operands;
  if (file === undefined)
    return complain(call, "usage: unzip [-lpqojn] file[.zip] [list] [-d dir]", 10);
  const { unzipSync } = await import("fflate");
  let entries: Record<string, Uint8Array>;
  try {
    const known = statusOf(shell, named(shell, file).path) === null ? `${file}.zip` : file;
    entries = unzipSync(await shell.process.system.call("readFile", named(shell, known).path));
  } catch (error) {
    const isFile = statusOf(shell, named(shell, file).path) !== null;
    const why = isFile ? "End-of-central-directory signature not found" : "cannot find or open";
    await complain(call, isFile ? why : ` ${why} ${file}, ${file}.zip or ${file}.ZIP.`);
    if (!isFile && !(error instanceof Error)) throw error;
    return isFile ? BAD_ARCHIVE : NOT_FOUND;
  }
  const patterns = wanted.map((glob) => patternToRegExp(glob));
  const chosen = Object.entries(entries).filter(
    ([name]) => patterns.length === 0 || patterns.some((pattern) => pattern.test(name)),
  );
  if (given.has("l") || given.has("v")) return list(call, file, chosen);
  if (given.has("p")) {
    for (const [, bytes] of chosen) await shell.write(1, bytes);
    return 0;
  }
  if (!given.has("q")) await shell.print(`Archive:  ${file}\n`);
  let status = 0;
  for (const [name, bytes] of chosen) status = (await unpack(call, given, name, bytes)) || status;
  return status;
};

async function list(
  { shell }: CommandCall,
  file: string,
  entries: readonly (readonly [string, Uint8Array])[],
): Promise<number> {
  const time = formatTime("%Y-%m-%d %H:%M", new Date());
  const rows = entries.map(
    ([name, { byteLength }]) => `${String(byteLength).padStart(9)}  ${time}   ${name}\n`,
  );
  const total = entries.reduce((sum, [, { byteLength }]) => sum + byteLength, 0);
  await shell.print(
    `Archive:  ${file}\n  Length      Date    Time    Name\n---------  ---------- -----   ----\n${rows.join("")}---------                     -------\n${String(total).padStart(9)}                     ${entries.length} file${entries.length === 1 ? "" : "s"}\n`,
  );
  return 0;
}

async function unpack(
  call: CommandCall,
  given: GnuOptions["given"],
  name: string,
  bytes: Uint8Array,
): Promise<number> {
  const { shell } = call;
  const { system } = shell.process;
  const parts = name.split("/").filter((part) => part !== "" && part !== ".");
  if (parts.includes("..")) return complain(call, `skipped "../" path component(s) in ${name}`, 2);
  const isDirectory = name.endsWith("/");
  const root = given.get("d") ?? ".";
  const shown = `${root === "." ? "" : `${root}/`}${given.has("j") ? (parts.at(-1) ?? "") : parts.join("/")}`;
  const { path } = named(shell, shown);
  if (isDirectory && given.has("j")) return 0;
  try {
    if (isDirectory) {
      await system.call("mkdir", path, { recursive: true });
      return 0;
    }
    if (statusOf(shell, path) !== null && !given.has("o")) {
      if (given.has("n")) return 0;
      return await complain(call, `${shown} exists: use -o to replace it, or -n to keep it`);
    }
    await system.call("mkdir", path.slice(0, path.lastIndexOf("/")) || "/", { recursive: true });
    await system.call("writeFile", path, bytes);
  } catch (error) {
    return complain(call, `cannot create ${shown}: ${errnoWords(error)}`);
  }
  if (!given.has("q")) await shell.print(`  inflating: ${shown}\n`);
  return 0;
}
