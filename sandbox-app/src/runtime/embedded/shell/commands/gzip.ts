import type { ExecResult, ResolvedCommandContext } from "just-bash/browser";
import { fromByteString, toByteString } from "./bytes.ts";

interface Job {
  readonly decompress: boolean;
  readonly toStdout: boolean;
  readonly keep: boolean;
  readonly force: boolean;
  readonly files: readonly string[];
}

type CommandBody = (args: string[], context: ResolvedCommandContext) => Promise<ExecResult>;

const SUFFIX = ".gz";

/** gzip, gunzip and zcat by the browser's own streams; just-bash's need Node's zlib. */
export const gzipCommands: Readonly<Record<string, CommandBody>> = {
  gzip: (args, context) => run("gzip", args, context),
  gunzip: (args, context) => run("gunzip", ["-d", ...args], context),
  zcat: (args, context) => run("zcat", ["-dc", ...args], context),
};

async function run(
  name: string,
  args: readonly string[],
  context: ResolvedCommandContext,
): Promise<ExecResult> {
  const flags = args.filter((arg) => /^-./.test(arg));
  const unknown = flags.find((flag) => !/^-[cdfknqv1-9]+$/.test(flag));
  if (unknown !== undefined) return result("", `${name}: invalid option -- '${unknown}'\n`, 1);
  const has = (letter: string): boolean => flags.some((flag) => flag.includes(letter));
  const files = args.filter((arg) => !flags.includes(arg));
  const job: Job = {
    decompress: has("d"),
    toStdout: has("c"),
    keep: has("k"),
    force: has("f"),
    files: files.length === 0 ? ["-"] : files,
  };
  let output = "";
  let errors = "";
  for (const file of job.files) {
    try {
      output += await convertFile(file, job, context);
    } catch (error) {
      errors += `${name}: ${file}: ${error instanceof Error ? error.message : String(error)}\n`;
    }
  }
  return result(output, errors, errors === "" ? 0 : 1);
}

/** Returns what goes to standard output, as a byte string. */
async function convertFile(
  file: string,
  { decompress, toStdout, keep, force }: Job,
  { fs, cwd, stdin }: ResolvedCommandContext,
): Promise<string> {
  // A ByteString is a plain string whose characters are bytes; only its type hides that.
  if (file === "-") return convert(fromByteString(stdin as unknown as string), decompress);
  const path = fs.resolvePath(cwd, file);
  if (!(await fs.exists(path))) throw new Error("No such file or directory");
  if (decompress && !toStdout && !path.endsWith(SUFFIX))
    throw new Error("unknown suffix -- ignored");
  const converted = await convert(await fs.readFileBuffer(path), decompress);
  if (toStdout) return converted;
  const target = decompress ? path.slice(0, -SUFFIX.length) : `${path}${SUFFIX}`;
  if (!force && (await fs.exists(target))) throw new Error(`${target} already exists`);
  await fs.writeFile(target, fromByteString(converted));
  if (!keep) await fs.rm(path);
  return "";
}

async function convert(bytes: Uint8Array, decompress: boolean): Promise<string> {
  const source = new Blob([bytes.slice()]).stream();
  const converted = source.pipeThrough(
    decompress ? new DecompressionStream("gzip") : new CompressionStream("gzip"),
  );
  try {
    return toByteString(new Uint8Array(await new Response(converted).arrayBuffer()));
  } catch {
    throw new Error("not in gzip format");
  }
}

function result(stdout: string, stderr: string, exitCode: number): ExecResult {
  return { stdout, stdoutKind: "bytes", stderr, exitCode };
}
