import { open } from "../../redirect/redirect.ts";
import { ShellError } from "../../run/outcome.ts";
import { type Command, type CommandCall, complain } from "../command.ts";
import { gnuOptions } from "../gnu-options.ts";
import { openInput } from "../input-files.ts";
import { encodeText } from "../text/encoding.ts";
import { allLines } from "../text/lines.ts";
import { compareKeys, compareText, keyText, parseKey, type SortKey } from "./keys.ts";

/** Exit code when something went wrong; 1 says that input is not sorted (sort(1)). */
const TROUBLE = 2;

interface Job {
  readonly keys: readonly SortKey[];
  readonly delimiter: string | null;
  readonly letters: string;
  readonly isUnique: boolean;
  readonly isStable: boolean;
  readonly checks: "aloud" | "quietly" | null;
  readonly output: string | null;
  readonly lineEnd: string;
  readonly files: readonly string[];
}

const long = {
  "ignore-leading-blanks": "b",
  "dictionary-order": "d",
  "ignore-case": "f",
  "general-numeric-sort": "g",
  "human-numeric-sort": "h",
  "ignore-nonprinting": "i",
  "month-sort": "M",
  "numeric-sort": "n",
  "random-sort": "R",
  reverse: "r",
  "version-sort": "V",
  check: "c",
  key: "k",
  merge: "m",
  output: "o",
  stable: "s",
  "field-separator": "t",
  unique: "u",
  "zero-terminated": "z",
  parallel: "parallel:",
  "buffer-size": "S",
  "temporary-directory": "T",
  sort: "sort:",
} as const;

const words: Readonly<Record<string, string>> = {
  "general-numeric": "g",
  "human-numeric": "h",
  month: "M",
  numeric: "n",
  random: "R",
  version: "V",
};

function jobOf(args: readonly string[]): Job | string {
  const parsed = gnuOptions(args, { letters: "bdfghiMnRrVcCk:mo:st:uzS:T:", long });
  const { given, order, operands, unknown } = parsed;
  if (unknown !== null) return unknown;
  const keys: SortKey[] = [];
  for (const [letter, text] of order) {
    if (letter !== "k") continue;
    const key = parseKey(text);
    if (key === null) return `invalid number at field start: invalid count at start of '${text}'`;
    keys.push(key);
  }
  const delimiter = given.get("t")?.replace(/^\\0$/, "\0");
  if (delimiter !== undefined && Array.from(delimiter).length !== 1)
    return delimiter === "" ? "empty tab" : `multi-character tab '${delimiter}'`;
  return {
    keys,
    delimiter: delimiter ?? null,
    letters:
      Array.from("bdfghiMnRrV")
        .filter((letter) => given.has(letter))
        .join("") + (words[given.get("sort") ?? ""] ?? ""),
    isUnique: given.has("u"),
    isStable: given.has("s"),
    checks: checksOf(given),
    output: given.get("o") ?? null,
    lineEnd: given.has("z") ? "\0" : "\n",
    files: operands.length === 0 ? ["-"] : operands,
  };
}

function checksOf(given: ReadonlyMap<string, string>): Job["checks"] {
  if (given.has("C")) return "quietly";
  return given.has("c") ? "aloud" : null;
}

export const sort: Command = async (call) => {
  const job = jobOf(call.args);
  if (typeof job === "string") return complain(call, job, TROUBLE);
  const lines: string[] = [];
  for (const file of job.files) {
    const found = await linesOf(call, file, job);
    if (found === null) return TROUBLE;
    for (const line of found) lines.push(line);
  }
  const compare = comparison(job);
  if (job.checks !== null) return check(call, job, lines, compare);
  const sorted = job.letters.includes("R") && job.keys.length === 0 ? shuffled(lines) : lines;
  sorted.sort(compare);
  const kept = job.isUnique ? unique(sorted, comparison({ ...job, isStable: true })) : sorted;
  return write(call, job, kept);
};

async function linesOf(call: CommandCall, file: string, { lineEnd }: Job) {
  const handle = await openInput({ ...call, name: "sort: cannot read" }, file);
  if (handle === null) return null;
  const read = allLines(call.shell, handle, lineEnd.charCodeAt(0));
  return (await read.finally(() => handle.release())).lines;
}

function comparison({ keys, delimiter, letters, isUnique, isStable }: Job) {
  const whole: SortKey = { fromField: 1, fromChar: 1, toField: Infinity, toChar: 0, letters };
  const given = keys.length === 0 ? [whole] : keys;
  // A key without letters of its own takes those that stand for all.
  const used = given.map((key) => (key.letters === "" ? Object.assign({}, key, { letters }) : key));
  const isLast = !isStable && !isUnique;
  const isReverse = letters.includes("r");
  return (a: string, b: string): number => {
    for (const key of used) {
      const order = compareKeys(
        keyText(a, key, delimiter),
        keyText(b, key, delimiter),
        key.letters,
      );
      if (order !== 0) return key.letters.includes("r") ? -order : order;
    }
    if (!isLast) return 0;
    return isReverse ? compareText(b, a) : compareText(a, b);
  };
}

type Comparison = ReturnType<typeof comparison>;

function unique(sorted: readonly string[], compare: Comparison): string[] {
  return sorted.filter((line, at) => at === 0 || compare(sorted[at - 1] ?? "", line) !== 0);
}

function shuffled(lines: readonly string[]): string[] {
  return lines
    .map((line) => [Math.random(), line] as const)
    .toSorted(([a], [b]) => a - b)
    .map(([, line]) => line);
}

async function check(
  call: CommandCall,
  job: Job,
  lines: readonly string[],
  compare: Comparison,
): Promise<number> {
  const limit = job.isUnique ? -1 : 0;
  const at = lines.findIndex(
    (line, index) => index > 0 && compare(lines[index - 1] ?? "", line) > limit,
  );
  if (at === -1) return 0;
  if (job.checks === "aloud")
    await complain(call, `${job.files[0] ?? "-"}:${at + 1}: disorder: ${lines[at] ?? ""}`);
  return 1;
}

async function write(call: CommandCall, job: Job, lines: readonly string[]): Promise<number> {
  const { shell } = call;
  const bytes = encodeText(lines.map((line) => line + job.lineEnd).join(""));
  if (job.output === null) {
    await shell.write(1, bytes);
    return 0;
  }
  try {
    const output = open(shell, job.output, ">|").hold();
    await output.file.write(bytes).finally(() => output.release());
    return 0;
  } catch (error) {
    if (error instanceof ShellError)
      return complain(call, `open failed: ${error.message}`, TROUBLE);
    throw error;
  }
}
