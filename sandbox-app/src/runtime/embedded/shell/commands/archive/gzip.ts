import { errnoOf, errnoWords } from "../../redirect/error-words.ts";
import { type Command, type CommandCall, complain } from "../command.ts";
import { gnuOptions } from "../gnu-options.ts";
import { inside, type NamedPath, named, statusOf } from "../text/walk.ts";
import { gunzipped, gzipped, isGzip } from "./compression.ts";

const SUFFIX = ".gz";
/** A warning, as for files that are left alone (gzip(1), DIAGNOSTICS). */
const WARNING = 2;

type Given = ReadonlyMap<string, string>;

const long = {
  stdout: "c",
  "to-stdout": "c",
  decompress: "d",
  uncompress: "d",
  force: "f",
  keep: "k",
  list: "l",
  "no-name": "n",
  name: "N",
  quiet: "q",
  recursive: "r",
  test: "t",
  verbose: "v",
  fast: "1",
  best: "9",
} as const;

/** `gzip`, `gunzip` and `zcat` by the browser's own streams. */
export const gzip: Command = async (call) => {
  const { given, operands, unknown } = gnuOptions(call.args, {
    letters: "cdfklnNqrtv123456789",
    long,
  });
  if (unknown !== null) return complain(call, unknown);
  const job = new Map(given);
  if (call.name !== "gzip") job.set("d", "");
  if (call.name === "zcat") job.set("c", "");
  if (job.has("l")) return list(call, operands);
  let status = 0;
  for (const file of operands.length === 0 ? ["-"] : operands) {
    if (file === "-") status = (await stream(call, job)) || status;
    else status = (await convertPath(call, job, named(call.shell, file))) || status;
  }
  return status;
};

async function stream(call: CommandCall, job: Given): Promise<number> {
  const { shell } = call;
  const bytes =
    (await shell.untilAborted(shell.descriptors.get(0)?.readAll() ?? Promise.resolve(null))) ??
    new Uint8Array();
  return converted(call, job, bytes, "stdin", async (output) => {
    if (!job.has("t")) await shell.write(1, output);
  });
}

async function converted(
  call: CommandCall,
  job: Given,
  bytes: Uint8Array,
  shown: string,
  use: (output: Uint8Array) => Promise<void>,
): Promise<number> {
  const unpacks = job.has("d") || job.has("t");
  if (unpacks && !isGzip(bytes)) {
    if (bytes.byteLength > 0 && job.has("f") && job.has("c")) {
      await use(bytes);
      return 0;
    }
    await call.shell.complain(
      `\n${call.name === "zcat" || call.name === "gunzip" ? "gzip" : call.name}: ${shown}: not in gzip format\n`,
    );
    return 1;
  }
  let output: Uint8Array;
  try {
    output = await (unpacks ? gunzipped(bytes) : gzipped(bytes));
  } catch {
    return complain(call, `${shown}: unexpected end of file`);
  }
  await use(output);
  return 0;
}

/** The file that an operand means: `gunzip name` finds name.gz too. */
function source({ shell }: CommandCall, job: Given, place: NamedPath): NamedPath {
  const isBare = job.has("d") && !place.path.endsWith(SUFFIX);
  if (!isBare || statusOf(shell, place.path) !== null) return place;
  return { shown: place.shown + SUFFIX, path: place.path + SUFFIX };
}

async function convertPath(call: CommandCall, job: Given, operand: NamedPath): Promise<number> {
  const { shell } = call;
  const place = source(call, job, operand);
  const { shown, path } = place;
  const status = statusOf(shell, path);
  if (status === null)
    return complain({ ...call, name: "gzip" }, `${shown}: No such file or directory`);
  if (status.type === "directory") {
    if (!job.has("r")) return complain(call, `${shown} is a directory -- ignored`, WARNING);
    let worst = 0;
    for (const { name } of await shell.process.system.call("readdir", path))
      worst = Math.max(worst, await convertPath(call, job, inside(place, name)));
    return worst;
  }
  const refused = refusal(call, job, place);
  if (refused !== null) return refused === "" ? 0 : complain(call, refused, WARNING);
  try {
    const bytes = await shell.process.system.call("readFile", path);
    return await converted(call, job, bytes, shown, (output) => put(call, job, place, output));
  } catch (error) {
    if (errnoOf(error) === "") throw error;
    return complain(call, `${shown}: ${errnoWords(error)}`);
  }
}

function isStream(job: Given): boolean {
  return job.has("c") || job.has("t");
}

function targetName(job: Given, name: string): string {
  return job.has("d") ? name.replace(/\.tgz$/, ".tar").replace(/\.gz$/, "") : name + SUFFIX;
}

/** Why a file is left alone; empty to say nothing, null when it is not. */
function refusal({ shell }: CommandCall, job: Given, { shown, path }: NamedPath): string | null {
  if (isStream(job)) return null;
  if (job.has("d") && !/\.(?:gz|tgz)$/.test(path)) return `${shown}: unknown suffix -- ignored`;
  if (job.has("f")) return null;
  if (!job.has("d") && path.endsWith(SUFFIX))
    return job.has("r") ? "" : `${shown} already has ${SUFFIX} suffix -- unchanged`;
  return statusOf(shell, targetName(job, path)) === null
    ? null
    : `${targetName(job, shown)} already exists;\tnot overwritten`;
}

async function put(
  { shell }: CommandCall,
  job: Given,
  { shown, path }: NamedPath,
  output: Uint8Array,
): Promise<void> {
  const { system } = shell.process;
  if (job.has("t")) return;
  if (job.has("c")) return shell.write(1, output);
  const { mode, atimeMs, mtimeMs } = await system.call("stat", path);
  const target = targetName(job, path);
  await system.call("writeFile", target, output);
  await system.call("chmod", target, mode);
  await system.call("utimes", target, atimeMs, mtimeMs);
  if (!job.has("k")) await system.call("unlink", path);
  if (!job.has("v")) return;
  const done = job.has("k") ? "created" : "replaced with";
  await shell.complain(`${shown}:\t -- ${done} ${targetName(job, shown)}\n`);
}

async function list(call: CommandCall, files: readonly string[]): Promise<number> {
  const { shell } = call;
  await shell.print("         compressed        uncompressed  ratio uncompressed_name\n");
  for (const file of files) {
    const { path } = named(shell, file);
    if (statusOf(shell, path) === null) return complain(call, `${file}: No such file or directory`);
    const bytes = await shell.process.system.call("readFile", path);
    const plain = await gunzipped(bytes).catch(() => null);
    if (plain === null) return complain(call, `${file}: not in gzip format`);
    const ratio = plain.byteLength === 0 ? 0 : (1 - bytes.byteLength / plain.byteLength) * 100;
    await shell.print(
      `${String(bytes.byteLength).padStart(19)} ${String(plain.byteLength).padStart(19)} ${`${ratio.toFixed(1)}%`.padStart(6)} ${file.replace(/\.gz$/, "")}\n`,
    );
  }
  return 0;
}
