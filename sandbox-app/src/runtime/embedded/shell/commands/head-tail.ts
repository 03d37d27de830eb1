import type { Handle } from "../redirect/descriptors.ts";
import { joinBytes } from "../redirect/open-file.ts";
import { type Command, type CommandCall, complain, sizeOf } from "./command.ts";
import { gnuOptions } from "./gnu-options.ts";
import { openInput } from "./input-files.ts";

interface Job {
  readonly unit: "lines" | "bytes";
  readonly count: number;
  /** `head -n -5`, `tail -n +5`: counted from the other end. */
  readonly isOther: boolean;
  readonly follows: boolean;
  readonly headers: "auto" | "always" | "never";
  readonly files: readonly string[];
}

const DEFAULT_LINES = 10;
const LINE_FEED = 10;
/** How often `tail -f` looks again, in milliseconds; GNU's waits a second. */
const FOLLOW_MS = 200;

function jobOf(args: readonly string[], otherSign: string): Job | string {
  // The old forms `-5` and `+5` mean `-n`.
  const [first = "", ...others] = args;
  const isOld = /^-\d+$/.test(first) || (otherSign === "+" && /^\+\d+$/.test(first));
  const modern = isOld ? ["-n", first.replace(/^-/, ""), ...others] : args;
  const { given, operands, unknown } = gnuOptions(modern, {
    letters: "n:c:qvfFs:",
    long: { lines: "n", bytes: "c", quiet: "q", silent: "q", verbose: "v", follow: "f" },
  });
  if (unknown !== null) return unknown;
  const unit = given.has("c") ? "bytes" : "lines";
  const text = given.get("c") ?? given.get("n") ?? String(DEFAULT_LINES);
  const [, sign, digits = ""] = /^([-+]?)(.*)$/s.exec(text) ?? [];
  const count = sizeOf(digits);
  if (count === null) return `invalid number of ${unit}: '${text}'`;
  const follows = given.has("f") || given.has("F");
  const files = operands.length === 0 ? ["-"] : operands;
  return { unit, count, isOther: sign === otherSign, follows, headers: headersOf(given), files };
}

function headersOf(given: ReadonlyMap<string, string>): Job["headers"] {
  if (given.has("q")) return "never";
  return given.has("v") ? "always" : "auto";
}

async function eachFile(
  call: CommandCall,
  job: Job,
  body: (handle: Handle) => Promise<void>,
): Promise<number> {
  let status = 0;
  let isFirst = true;
  for (const file of job.files) {
    const handle = await openInputNamed(call, file);
    if (handle === null) {
      status = 1;
      continue;
    }
    try {
      if (job.headers === "always" || (job.headers === "auto" && job.files.length > 1)) {
        await call.shell.print(
          `${isFirst ? "" : "\n"}==> ${file === "-" ? "standard input" : file} <==\n`,
        );
      }
      isFirst = false;
      await body(handle);
    } finally {
      handle.release();
    }
  }
  return status;
}

async function openInputNamed(call: CommandCall, file: string): Promise<Handle | null> {
  const { name, shell } = call;
  const quiet: CommandCall = {
    ...call,
    shell: Object.create(shell, {
      complain: { value: (text: string) => shell.complain(reworded(name, file, text)) },
    }) as typeof shell,
  };
  return openInput(quiet, file);
}

/** GNU's head and tail word it so. */
function reworded(name: string, file: string, text: string): string {
  const reason = text.slice(text.lastIndexOf(": ") + 2);
  return reason === "Is a directory\n"
    ? `${name}: error reading '${file}': ${reason}`
    : `${name}: cannot open '${file}' for reading: ${reason}`;
}

export const head: Command = async (call) => {
  const job = jobOf(call.args, "-");
  if (typeof job === "string") return complain(call, job);
  return eachFile(call, job, (handle) => headOf(call, job, handle));
};

async function headOf(
  { shell }: CommandCall,
  { unit, count, isOther }: Job,
  handle: Handle,
): Promise<void> {
  if (isOther) {
    const all = await shell.untilAborted(handle.readAll());
    return shell.write(
      1,
      unit === "bytes"
        ? all.subarray(0, Math.max(0, all.byteLength - count))
        : all.subarray(0, startOfLast(all, count)),
    );
  }
  for (let left = count; left > 0;) {
    const chunk = await shell.untilAborted(handle.read());
    if (chunk.byteLength === 0) return;
    let end = Math.min(left, chunk.byteLength);
    if (unit === "bytes") left -= end;
    else [end, left] = endOfLines(chunk, left);
    handle.putBack(chunk.subarray(end));
    await shell.write(1, chunk.subarray(0, end));
  }
}

/** Offset after so many lines, and how many are still to come. */
function endOfLines(chunk: Uint8Array, lines: number): [number, number] {
  let left = lines;
  let at = 0;
  while (left > 0) {
    const next = chunk.indexOf(LINE_FEED, at);
    if (next === -1) return [chunk.byteLength, left];
    at = next + 1;
    left--;
  }
  return [at, 0];
}

/** Offset where the last lines start; an unended line counts. */
function startOfLast(bytes: Uint8Array, lines: number): number {
  if (lines === 0) return bytes.byteLength;
  let at = bytes.byteLength - (bytes.at(-1) === LINE_FEED ? 2 : 1);
  for (let left = lines; ; left--) {
    at = bytes.lastIndexOf(LINE_FEED, at);
    if (at === -1) return 0;
    if (left === 1) return at + 1;
    at--;
  }
}

export const tail: Command = async (call) => {
  const job = jobOf(call.args, "+");
  if (typeof job === "string") return complain(call, job);
  return eachFile(call, job, (handle) => tailOf(call, job, handle));
};

async function tailOf(call: CommandCall, job: Job, handle: Handle): Promise<void> {
  const { shell } = call;
  const { unit, count, isOther } = job;
  const chunks: Uint8Array[] = [];
  for (;;) {
    const chunk = await shell.untilAborted(handle.read());
    if (chunk.byteLength === 0) break;
    chunks.push(chunk);
  }
  const all = joinBytes(chunks);
  let start: number;
  if (unit === "bytes")
    start = isOther ? Math.max(0, count - 1) : Math.max(0, all.byteLength - count);
  else start = isOther ? endOfLines(all, Math.max(0, count - 1))[0] : startOfLast(all, count);
  await shell.write(1, all.subarray(start));
  while (job.follows) {
    const chunk = await shell.untilAborted(handle.read());
    if (chunk.byteLength > 0) await shell.write(1, chunk);
    else await shell.untilAborted(new Promise((resolve) => setTimeout(resolve, FOLLOW_MS)));
  }
}
