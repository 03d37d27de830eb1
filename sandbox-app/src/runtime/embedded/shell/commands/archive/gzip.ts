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

async function convertPath(call: CommandCall, job: Given, place: NamedPath): Promise<number> {
  const { shell } = call;
  const { system } = shell.process;
  const unpacks = job.has("d");
  let { shown, path } = place;
  let status = statusOf(shell, path);
  if (status === null && unpacks && !path.endsWith(SUFFIX)) {
    [shown, path] = [shown + SUFFIX, path + SUFFIX];
    status = statusOf(shell, path);
  }
  if (status === null)
    return complain({ ...call, name: "gzip" }, `${shown}: No such file or directory`);
  if (status.type === "directory") {
    if (!job.has("r")) return complain(call, `${shown} is a directory -- ignored`, WARNING);
    let worst = 0;
    for (const { name } of await system.call("readdir", path))
      worst = Math.max(worst, await convertPath(call, job, inside(place, name)));
    return worst;
  }
  const toStream = job.has("c") || job.has("t");
  if (unpacks && !toStream && !/\.(?:gz|tgz)$/.test(path))
    return complain(call, `${shown}: unknown suffix -- ignored`, WARNING);
  if (!unpacks && !toStream && path.endsWith(SUFFIX) && !job.has("f")) {
    if (job.has("r")) return 0;
    return complain(call, `${shown} already has ${SUFFIX} suffix -- unchanged`, WARNING);
  }
  const to = (name: string): string =>
    unpacks ? name.replace(/\.tgz$/, ".tar").replace(/\.gz$/, "") : name + SUFFIX;
  if (!toStream && !job.has("f") && statusOf(shell, to(path)) !== null)
    return complain(call, `${to(shown)} already exists;\tnot overwritten`, WARNING);
  const { mode, atimeMs, mtimeMs } = status;
  try {
    return await converted(
      call,
      job,
      await system.call("readFile", path),
      shown,
      async (output) => {
        if (job.has("t")) return;
        if (toStream) return shell.write(1, output);
        await system.call("writeFile", to(path), output);
        await system.call("chmod", to(path), mode);
        await system.call("utimes", to(path), atimeMs, mtimeMs);
        if (!job.has("k")) await system.call("unlink", path);
        if (job.has("v"))
          await shell.complain(
            `${shown}:\t -- ${job.has("k") ? "created" : "replaced with"} ${to(shown)}\n`,
          );
      },
    );
  } catch (error) {
    if (errnoOf(error) === "") throw error;
    return complain(call, `${shown}: ${errnoWords(error)}`);
  }
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
