import { formatTime } from "../../builtins/format-time.ts";
import { patternToRegExp } from "../../expand/pattern.ts";
import { errnoWords } from "../../redirect/error-words.ts";
import { joinBytes } from "../../redirect/open-file.ts";
import { open } from "../../redirect/redirect.ts";
import { ShellError } from "../../run/outcome.ts";
import type { Shell } from "../../state/shell.ts";
import { type Command, type CommandCall, complain } from "../command.ts";
import { type GnuOptions, gnuOptions } from "../gnu-options.ts";
import { modeText, USER_NAMES } from "../text/modes.ts";
import { inside, type NamedPath, named, statusOf } from "../text/walk.ts";
import { gunzipped, gzipped, isGzip } from "./compression.ts";
import { extract } from "./extract.ts";
import { archiveEnd, entryBlocks, readArchive, TarError, type TarEntry } from "./tar-format.ts";

/** tar(1), RETURN VALUE */
const FATAL = 2;

const long = {
  create: "c",
  extract: "x",
  get: "x",
  list: "t",
  append: "r",
  file: "f",
  gzip: "z",
  gunzip: "z",
  verbose: "v",
  directory: "C",
  "keep-old-files": "k",
  "to-stdout": "O",
  dereference: "h",
  touch: "m",
  exclude: "exclude:",
  "strip-components": "strip-components:",
  "files-from": "T",
  "auto-compress": "a",
  bzip2: "j",
  xz: "J",
  "no-same-owner": "no-same-owner",
  "same-permissions": "p",
  "preserve-permissions": "p",
  owner: "owner:",
  group: "group:",
  "numeric-owner": "numeric-owner",
  sort: "sort:",
  mtime: "mtime:",
  overwrite: "overwrite",
  "skip-old-files": "skip-old-files",
  wildcards: "wildcards",
  "exclude-vcs": "exclude-vcs",
  warning: "warning:",
  totals: "totals",
} as const;

/** `tar`: archives of files, plain or compressed by gzip. */
export const tar: Command = async (call) => {
  // The old form has no dash: `tar xzf file`.
  const [first = "", ...rest] = call.args;
  const args = /^[a-zA-Z]+$/.test(first) ? bundled(first, rest) : call.args;
  const options = gnuOptions(args, { letters: "cxtrf:zvC:kOhmT:ajJpPS", long });
  if (options.unknown !== null) return complain(call, options.unknown, FATAL);
  const { given, operands } = options;
  if (given.has("j") || given.has("J"))
    return complain(call, "only gzip is there to compress: use -z", FATAL);
  const actions = ["c", "x", "t"].filter((key) => given.has(key));
  if (actions.length !== 1)
    return complain(
      call,
      "You must specify one of the '-Acdtrux', '--delete' or '--test-label' options",
      FATAL,
    );
  try {
    if (given.has("c")) return await create(call, options, args);
    return await read(call, options, operands);
  } catch (error) {
    if (error instanceof TarError || error instanceof ShellError) {
      await complain(call, error.message);
      return complain(call, "Error is not recoverable: exiting now", FATAL);
    }
    throw error;
  }
};

/** Letters in one word, their arguments behind it in the same order. */
function bundled(letters: string, rest: readonly string[]): string[] {
  const words = [...rest];
  const options = [...letters].map((letter) =>
    "fCT".includes(letter) ? `-${letter}${words.shift() ?? ""}` : `-${letter}`,
  );
  return [...options, ...words];
}

async function read(
  call: CommandCall,
  { given, order }: GnuOptions,
  operands: readonly string[],
): Promise<number> {
  const { shell } = call;
  const raw = await archiveBytes(shell, given.get("f") ?? "-");
  const bytes = isGzip(raw)
    ? await gunzipped(raw).catch(() => {
        throw new TarError("Child returned status 1");
      })
    : raw;
  if (given.has("z") && !isGzip(raw) && raw.byteLength > 0)
    throw new TarError("gzip: stdin: not in gzip format");
  const chosen = chooser(operands, given, order);
  const entries = Array.from(readArchive(bytes)).filter(({ name }) => chosen.takes(name));
  const directory = given.get("C");
  if (directory !== undefined && statusOf(shell, named(shell, directory).path) === null)
    throw new TarError(`${directory}: Cannot open: No such file or directory`);
  let status = 0;
  if (given.has("t")) await list(shell, entries, given.has("v"));
  else status = await extract(call, entries, given);
  for (const operand of chosen.missing()) {
    await complain(call, `${operand}: Not found in archive`);
    status = FATAL;
  }
  if (status !== 0) await complain(call, "Exiting with failure status due to previous errors");
  return status;
}

async function archiveBytes(shell: Shell, file: string): Promise<Uint8Array> {
  if (file === "-") return (await shell.descriptors.get(0)?.readAll()) ?? new Uint8Array();
  try {
    return await shell.process.system.call("readFile", named(shell, file).path);
  } catch (error) {
    throw new TarError(`${file}: Cannot open: ${errnoWords(error)}`);
  }
}

function chooser(
  operands: readonly string[],
  given: GnuOptions["given"],
  order: GnuOptions["order"],
) {
  const wanted = operands.map((operand) => operand.replace(/\/+$/, ""));
  const found = new Set<string>();
  const excluded = excluder(order);
  const takes = (name: string): boolean => {
    if (excluded(name)) return false;
    if (wanted.length === 0) return true;
    const plain = name.replace(/\/+$/, "");
    const match = wanted.find(
      (one) =>
        plain === one ||
        plain.startsWith(`${one}/`) ||
        (given.has("wildcards") && patternToRegExp(one).test(plain)),
    );
    if (match !== undefined) found.add(match);
    return match !== undefined;
  };
  return { takes, missing: () => wanted.filter((one) => !found.has(one)) };
}

/** `--exclude`: a pattern for the whole name, or for what follows any slash. */
function excluder(order: GnuOptions["order"]): (name: string) => boolean {
  const patterns = order
    .filter(([key]) => key === "exclude")
    .map(([, glob]) => patternToRegExp(glob.replace(/\/$/, "")));
  const isVcs = order.some(([key]) => key === "exclude-vcs");
  return (name) => {
    const parts = name.replace(/\/+$/, "").split("/");
    const tails = parts.flatMap((_, from) =>
      parts.slice(from).map((__, count) => parts.slice(from, from + count + 1).join("/")),
    );
    if (isVcs && parts.includes(".git")) return true;
    return patterns.some((pattern) => tails.some((tail) => pattern.test(tail)));
  };
}

/** Columns of owner and size together, at least (GNU tar, list.c). */
const OWNER_WIDTH = 19;

async function list(shell: Shell, entries: readonly TarEntry[], isLong: boolean): Promise<void> {
  let width = OWNER_WIDTH;
  for (const { name, type, mode, mtimeMs, link, owner, content } of entries) {
    if (!isLong) {
      await shell.print(`${name}\n`);
      continue;
    }
    const who = `${owner}/${owner}`;
    const size = String(content.byteLength);
    width = Math.max(width, who.length + 1 + size.length);
    const kind = type === "hard link" ? "h" : modeText({ type, mode }).charAt(0);
    const shown = modeText({ type: "file", mode }).slice(1);
    const to = type === "symlink" ? ` -> ${link}` : type === "hard link" ? ` link to ${link}` : "";
    const time = formatTime("%Y-%m-%d %H:%M", new Date(mtimeMs));
    await shell.print(
      `${kind}${shown} ${who}${size.padStart(width - who.length)} ${time} ${name}${to}\n`,
    );
  }
}

async function create(
  call: CommandCall,
  options: GnuOptions,
  args: readonly string[],
): Promise<number> {
  const { given, order } = options;
  const { shell } = call;
  const file = given.get("f") ?? "-";
  const packer = new Packer(call, given, excluder(order), named(shell, file).path);
  // `-C` holds for the operands behind it.
  let directory = shell.cwd;
  const operands = [...options.operands, ...(await listedFiles(shell, given.get("T")))];
  if (operands.length === 0) throw new TarError("Cowardly refusing to create an empty archive");
  const places = placesOf(args, operands, shell);
  for (const operand of operands) {
    directory = places.get(operand) ?? directory;
    await packer.add(operand, directory);
  }
  const size = packer.chunks.reduce((sum, { byteLength }) => sum + byteLength, 0);
  const bytes = joinBytes([...packer.chunks, archiveEnd(size)]);
  const compresses = given.has("z") || (given.has("a") && /\.t?gz$/.test(file));
  const packed = compresses ? await gzipped(bytes) : bytes;
  if (file === "-") await shell.write(1, packed);
  else {
    const handle = open(shell, file, ">|").hold();
    await handle.file.write(packed).finally(() => handle.release());
  }
  if (packer.status !== 0)
    await complain(call, "Exiting with failure status due to previous errors");
  return packer.status;
}

async function listedFiles(shell: Shell, file: string | undefined): Promise<string[]> {
  if (file === undefined) return [];
  const text = new TextDecoder().decode((await archiveBytes(shell, file)).slice());
  return text.split("\n").filter((line) => line !== "");
}

/** Directory of each operand. */
function placesOf(
  args: readonly string[],
  operands: readonly string[],
  shell: Shell,
): Map<string, string> {
  const places = new Map<string, string>();
  let directory = shell.cwd;
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? "";
    const attached = /^(?:-\w*C|--directory=)(.+)$/.exec(arg)?.[1];
    if (attached !== undefined) directory = named(shell, attached).path;
    else if (/^-\w*C$|^--directory$/.test(arg)) directory = named(shell, args[++at] ?? ".").path;
    else if (operands.includes(arg) && !places.has(arg)) places.set(arg, directory);
  }
  return places;
}

class Packer {
  readonly chunks: Uint8Array[] = [];
  status = 0;
  readonly #call: CommandCall;
  readonly #given: GnuOptions["given"];
  readonly #excluded: (name: string) => boolean;
  readonly #archive: string;
  /** Names of files that have several, by their inode. */
  readonly #linked = new Map<number, string>();
  #hasWarned = false;

  constructor(
    call: CommandCall,
    given: GnuOptions["given"],
    excluded: (name: string) => boolean,
    archive: string,
  ) {
    this.#call = call;
    this.#given = given;
    this.#excluded = excluded;
    this.#archive = archive;
  }

  async add(operand: string, directory: string): Promise<void> {
    const path = operand.startsWith("/") ? operand : `${directory}/${operand}`;
    const place = named(this.#call.shell, path);
    const leading = this.#given.has("P")
      ? ""
      : (/^(?:.*\.\.(?:\/|$)|\/+)/.exec(operand)?.[0] ?? "");
    if (leading !== "" && !this.#hasWarned) {
      this.#hasWarned = true;
      await complain(this.#call, `Removing leading \`${leading}' from member names`);
    }
    const shown = operand.slice(leading.length).replace(/(?<=.)\/+$/, "");
    await this.#entry({ shown: shown === "" ? "./" : shown, path: place.path });
  }

  async #entry(place: NamedPath): Promise<void> {
    const { shell } = this.#call;
    if (this.#excluded(place.shown) || place.path === this.#archive) return;
    const status = statusOf(shell, place.path, this.#given.has("h"));
    if (status === null) {
      await complain(this.#call, `${place.shown}: Cannot stat: No such file or directory`);
      this.status = FATAL;
      return;
    }
    await shell.process.pace(shell.signal);
    const { system } = shell.process;
    const first =
      status.nlink > 1 && status.type === "file" ? this.#linked.get(status.ino) : undefined;
    const isDirectory = status.type === "directory";
    const type =
      first !== undefined
        ? "hard link"
        : status.type === "symlink" || isDirectory
          ? status.type
          : "file";
    const name = isDirectory && !place.shown.endsWith("/") ? `${place.shown}/` : place.shown;
    if (status.type === "file" && first === undefined) this.#linked.set(status.ino, name);
    this.chunks.push(
      ...entryBlocks({
        name,
        type,
        mode: status.mode,
        mtimeMs: status.mtimeMs,
        link: first ?? (type === "symlink" ? await system.call("readlink", place.path) : ""),
        owner: USER_NAMES[status.uid] ?? String(status.uid),
        content: type === "file" ? await system.call("readFile", place.path) : new Uint8Array(),
      }),
    );
    await this.#tell(name);
    if (!isDirectory) return;
    for (const entry of await system.call("readdir", place.path))
      await this.#entry(inside(place, entry.name));
  }

  async #tell(name: string): Promise<void> {
    if (!this.#given.has("v")) return;
    const isStream = (this.#given.get("f") ?? "-") === "-";
    if (isStream) await this.#call.shell.complain(`${name}\n`);
    else await this.#call.shell.print(`${name}\n`);
  }
}
