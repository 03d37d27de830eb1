import { signalNamed } from "../builtins/signals.ts";
import { type SignalName, SignalNumber } from "../../kernel/system-calls.ts";
import { NOT_FOUND } from "../run/outcome.ts";
import { findProgram } from "../run/program.ts";
import { AbortReason } from "../run/shell-process.ts";
import { runInSubshell } from "../run/subshell.ts";
import type { Shell } from "../state/shell.ts";
import { type Command, type CommandCall, complain } from "./command.ts";
import { gnuOptions } from "./gnu-options.ts";
import { durationOf } from "./simple.ts";

/** Exit code of `timeout` when the time was over (timeout(1)). */
const TIMED_OUT = 124;
const OWN_FAILURE = 125;

/** Runs another command, as a program would: no functions and no builtins of the shell. */
export function runOther(
  shell: Shell,
  argv: readonly string[],
  signal = shell.signal,
): Promise<number> {
  const child = shell.subshell(signal);
  return runInSubshell(child, () =>
    child.process.interpreter.command(child, argv, { functions: false, builtins: false }),
  );
}

export const timeout: Command = async (call) => {
  const { given, operands, unknown } = gnuOptions(call.args, {
    letters: "s:k:vfp",
    long: { signal: "s", "kill-after": "k", verbose: "v", foreground: "f", "preserve-status": "p" },
    stopsAtOperand: true,
  });
  if (unknown !== null) return complain(call, unknown, OWN_FAILURE);
  const [text = "", ...argv] = operands;
  const duration = durationOf(text);
  if (argv.length === 0) return complain(call, "missing operand", OWN_FAILURE);
  if (duration === null) return complain(call, `invalid time interval '${text}'`, OWN_FAILURE);
  const signal = signalNamed(given.get("s") ?? "TERM") || "SIGTERM";
  const { status, isLate } = await runUntil(call, argv, duration, signal);
  if (!isLate) return status;
  return given.has("p") || signal === "SIGKILL" ? status : TIMED_OUT;
};

/** @param duration milliseconds; 0 for no end */
async function runUntil(
  call: CommandCall,
  argv: readonly string[],
  duration: number,
  signal: SignalName,
): Promise<{ status: number; isLate: boolean }> {
  const { shell } = call;
  const abort = new AbortController();
  const pass = (): void => abort.abort(shell.signal.reason);
  shell.signal.addEventListener("abort", pass, { once: true });
  let isLate = false;
  const end = (): void => {
    isLate = true;
    abort.abort(new AbortReason(signal, SignalNumber[signal]));
  };
  const timer = duration === 0 ? undefined : setTimeout(end, duration);
  const status = await runNamed(call, argv, abort.signal);
  clearTimeout(timer);
  shell.signal.removeEventListener("abort", pass);
  return { status, isLate };
}

async function runNamed(
  call: CommandCall,
  argv: readonly string[],
  signal: AbortSignal,
): Promise<number> {
  const [name = ""] = argv;
  if (findProgram(call.shell, name) === null) {
    return complain(call, `failed to run command '${name}': No such file or directory`, NOT_FOUND);
  }
  return runOther(call.shell, argv, signal);
}

export const nohup: Command = (call) => {
  if (call.args.length === 0) return complain(call, "missing operand", OWN_FAILURE);
  return runNamed(call, call.args, call.shell.signal);
};

interface XargsJob {
  readonly argv: readonly string[];
  readonly replace: string | null;
  readonly most: number;
  readonly lines: number | null;
  readonly atOnce: number;
  readonly delimiter: string | null;
  readonly skipsEmpty: boolean;
  readonly tells: boolean;
}

/** Arguments of one command line that xargs makes, unless told otherwise. */
const XARGS_MOST = 5_000;
/** A command of xargs failed (xargs(1), EXIT STATUS). */
const XARGS_FAILED = 123;

function xargsJob(args: readonly string[]): XargsJob | string {
  const { given, operands, unknown } = gnuOptions(args, {
    letters: "0rtI:n:L:P:d:s:E:a:x",
    long: {
      null: "0",
      "no-run-if-empty": "r",
      verbose: "t",
      replace: "I",
      "max-args": "n",
      "max-lines": "L",
      "max-procs": "P",
      delimiter: "d",
    },
    stopsAtOperand: true,
  });
  if (unknown !== null) return unknown;
  const delimiter = given.get("d")?.replace("\\n", "\n").replace("\\t", "\t").replace("\\0", "\0");
  const lines = given.get("L");
  return {
    argv: operands.length === 0 ? ["echo"] : operands,
    replace: given.get("I") ?? null,
    most: Number(given.get("n") ?? XARGS_MOST),
    lines: lines === undefined ? null : Number(lines),
    atOnce: Number(given.get("P") ?? "1") || XARGS_MOST,
    delimiter: given.has("0") ? "\0" : (delimiter ?? null),
    skipsEmpty: given.has("r"),
    tells: given.has("t"),
  };
}

function xargsItems(text: string, { delimiter, replace, lines }: XargsJob): string[][] {
  if (delimiter !== null)
    return text
      .replace(
        delimiter === "\0"
          ? /\0$/
          : new RegExp(`${delimiter.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`)}$`),
        "",
      )
      .split(delimiter)
      .map((item) => [item]);
  const rows = text.split("\n").filter((line) => line.trim() !== "");
  if (replace !== null) return rows.map((line) => [unquoted(line.trimStart())]);
  const split = rows.map((line) =>
    Array.from(line.matchAll(/(?:[^\s'"\\]|\\.|'[^']*'|"[^"]*")+/g), ([word]) => unquoted(word)),
  );
  return lines === null ? split.flat().map((item) => [item]) : split;
}

function unquoted(word: string): string {
  return word.replaceAll(
    /'([^']*)'|"([^"]*)"|\\(.)/g,
    (_, single?: string, double?: string, char?: string) => single ?? double ?? char ?? "",
  );
}

export const xargs: Command = async (call) => {
  const { shell } = call;
  const job = xargsJob(call.args);
  if (typeof job === "string") return complain(call, job);
  const bytes = (await shell.descriptors.get(0)?.readAll()) ?? new Uint8Array();
  const text = new TextDecoder().decode(bytes.slice());
  const items = text === "" ? [] : xargsItems(text, job);
  const lines = commandLines(items, job);
  let status = 0;
  const running = new Set<Promise<void>>();
  for (const argv of lines) {
    if (job.tells) await shell.complain(`${argv.join(" ")}\n`);
    const run = runXarg(call, argv).then((ended) => {
      status = Math.max(status, ended);
      running.delete(run);
    });
    running.add(run);
    if (running.size >= job.atOnce) await Promise.race(running);
    if (status === NOT_FOUND) break;
  }
  await Promise.all(running);
  return status;
};

async function runXarg(call: CommandCall, argv: readonly string[]): Promise<number> {
  if (findProgram(call.shell, argv[0] ?? "") === null)
    return complain(call, `${argv[0] ?? ""}: No such file or directory`, NOT_FOUND);
  const status = await runOther(call.shell, argv);
  if (status === 255) return 124;
  return status === 0 ? 0 : status > 125 ? status : XARGS_FAILED;
}

function commandLines(
  items: readonly string[][],
  { argv, replace, most, lines, skipsEmpty }: XargsJob,
): string[][] {
  if (replace !== null)
    return items.map(([item = ""]) =>
      argv.map((word, index) => (index === 0 ? word : word.replaceAll(replace, item))),
    );
  if (items.length === 0) return skipsEmpty ? [] : [[...argv]];
  const size = lines ?? most;
  const groups = Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size).flat(),
  );
  return groups.map((group) => argv.concat(group));
}
