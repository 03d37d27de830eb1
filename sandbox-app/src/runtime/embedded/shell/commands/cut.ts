import { type Command, type CommandCall, complain } from "./command.ts";
import { gnuOptions } from "./gnu-options.ts";
import { openInput } from "./input-files.ts";
import { decodeText, encodeText } from "./text/encoding.ts";
import { lineGroups, Output } from "./text/lines.ts";

interface Job {
  readonly unit: "bytes" | "characters" | "fields";
  readonly ranges: readonly (readonly [number, number])[];
  readonly delimiter: string;
  readonly outputDelimiter: string;
  readonly onlyDelimited: boolean;
  readonly isComplement: boolean;
  readonly lineEnd: number;
  readonly files: readonly string[];
}

function jobOf(args: readonly string[]): Job | string {
  const { given, operands, unknown } = gnuOptions(args, {
    letters: "b:c:f:d:snz",
    long: {
      bytes: "b",
      characters: "c",
      fields: "f",
      delimiter: "d",
      "only-delimited": "s",
      "zero-terminated": "z",
      complement: "complement",
      "output-delimiter": "output-delimiter:",
    },
  });
  if (unknown !== null) return unknown;
  const letter = ["b", "c", "f"].find((key) => given.has(key));
  if (letter === undefined) return "you must specify a list of bytes, characters, or fields";
  const delimiter = given.get("d") ?? "\t";
  if (Array.from(delimiter).length > 1) return "the delimiter must be a single character";
  const ranges = rangesOf(given.get(letter) ?? "");
  if (ranges === null) return `invalid ${letter === "f" ? "field" : "byte or character"} range`;
  return {
    unit: letter === "b" ? "bytes" : letter === "c" ? "characters" : "fields",
    ranges,
    delimiter,
    outputDelimiter: given.get("output-delimiter") ?? (letter === "f" ? delimiter : ""),
    onlyDelimited: given.has("s"),
    isComplement: given.has("complement"),
    lineEnd: given.has("z") ? 0 : 10,
    files: operands.length === 0 ? ["-"] : operands,
  };
}

/** `1,3-5,7-`, counted from 1. */
function rangesOf(list: string): [number, number][] | null {
  const ranges: [number, number][] = [];
  for (const part of list.split(/[, ]/)) {
    const match = /^(\d*)(-?)(\d*)$/.exec(part);
    if (match === null || part === "" || part === "-") return null;
    const low = match[1] === "" ? 1 : Number(match[1]);
    const high = match[2] === "" ? low : match[3] === "" ? Infinity : Number(match[3]);
    if (low < 1 || high < low) return null;
    ranges.push([low, high]);
  }
  return ranges.toSorted(([a], [b]) => a - b);
}

export const cut: Command = async (call) => {
  const job = jobOf(call.args);
  if (typeof job === "string") {
    await complain(call, job);
    await call.shell.complain("Try 'cut --help' for more information.\n");
    return 1;
  }
  let status = 0;
  for (const file of job.files) if (!(await cutFile(call, job, file))) status = 1;
  return status;
};

async function cutFile(call: CommandCall, job: Job, file: string): Promise<boolean> {
  const handle = await openInput(call, file);
  if (handle === null) return false;
  const output = new Output(call.shell);
  const end = String.fromCharCode(job.lineEnd);
  try {
    for await (const { lines } of lineGroups(call.shell, handle, job.lineEnd)) {
      for (const line of lines) {
        const kept = job.unit === "fields" ? fieldsOf(line, job) : charactersOf(line, job);
        if (kept !== null) await output.add(kept + end);
      }
      await output.flush();
    }
  } finally {
    handle.release();
  }
  return true;
}

function isWanted({ ranges, isComplement }: Job, place: number): boolean {
  return ranges.some(([low, high]) => place >= low && place <= high) !== isComplement;
}

/** Null: the line is left out. */
function fieldsOf(line: string, job: Job): string | null {
  if (!line.includes(job.delimiter)) return job.onlyDelimited ? null : line;
  return line
    .split(job.delimiter)
    .filter((_, index) => isWanted(job, index + 1))
    .join(job.outputDelimiter);
}

function charactersOf(line: string, job: Job): string {
  // GNU's cut takes characters for bytes.
  const units = encodeText(line);
  const kept: number[] = [];
  const delimiter = encodeText(job.outputDelimiter);
  let last = 0;
  for (const [index, unit] of units.entries()) {
    if (!isWanted(job, index + 1)) continue;
    if (last !== 0 && last < index) kept.push(...delimiter);
    kept.push(unit);
    last = index + 1;
  }
  return decodeText(Uint8Array.from(kept));
}
