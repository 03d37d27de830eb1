import { signalNamed } from "../builtins/signals.ts";
import { type SignalName, SignalNumber } from "../../kernel/system-calls.ts";
import { NOT_FOUND } from "../run/outcome.ts";
import { findProgram } from "../run/program.ts";
import { AbortReason } from "../run/shell-process.ts";
import { runInSubshell } from "../run/subshell.ts";
import type { Shell } from "../state/shell.ts";
import { type Command, type CommandCall, complain } from "./command.ts";
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
  const { shell } = call;
  const args = [...call.args];
  let signal: SignalName = "SIGTERM";
  let keepsStatus = false;
  while ((args[0] ?? "").startsWith("-")) {
    const option = args.shift() ?? "";
    const value = /^(?:-s|-k|--signal|--kill-after)=?(.*)$/.exec(option)?.[1];
    if (option === "--preserve-status") keepsStatus = true;
    else if (option === "--foreground" || option === "-v" || option === "--verbose") continue;
    else if (value !== undefined) {
      const text = value === "" ? (args.shift() ?? "") : value;
      const named = signalNamed(text);
      if (/^-(?:s|-signal)/.test(option))
        signal = named === null || named === 0 ? "SIGTERM" : named;
    } else return complain(call, `invalid option -- '${option.slice(1)}'`, OWN_FAILURE);
  }
  const [text = "", ...argv] = args;
  const duration = durationOf(text);
  if (argv.length === 0) return complain(call, "missing operand", OWN_FAILURE);
  if (duration === null) return complain(call, `invalid time interval '${text}'`, OWN_FAILURE);
  const abort = new AbortController();
  const pass = (): void => abort.abort(shell.signal.reason);
  shell.signal.addEventListener("abort", pass, { once: true });
  let isLate = false;
  const timer =
    duration === 0
      ? undefined
      : setTimeout(() => {
          isLate = true;
          abort.abort(new AbortReason(signal, SignalNumber[signal]));
        }, duration);
  const status = await runNamed(call, argv, abort.signal);
  clearTimeout(timer);
  shell.signal.removeEventListener("abort", pass);
  if (!isLate) return status;
  return keepsStatus || signal === "SIGKILL" ? status : TIMED_OUT;
};

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
  const rest = [...args];
  const job = {
    replace: null as string | null,
    most: XARGS_MOST,
    lines: null as number | null,
    atOnce: 1,
    delimiter: null as string | null,
    skipsEmpty: false,
    tells: false,
  };
  const value = (option: string): string =>
    option.length > 2 ? option.slice(2) : (rest.shift() ?? "");
  while (/^-./.test(rest[0] ?? "")) {
    const option = rest.shift() ?? "";
    if (option === "--") break;
    if (option === "-0" || option === "--null") job.delimiter = "\0";
    else if (option === "-r" || option === "--no-run-if-empty") job.skipsEmpty = true;
    else if (option === "-t" || option === "--verbose") job.tells = true;
    else if (option.startsWith("-I")) job.replace = value(option);
    else if (option.startsWith("-i")) job.replace = option.slice(2) || "{}";
    else if (option.startsWith("-n")) job.most = Number(value(option));
    else if (option.startsWith("-L")) job.lines = Number(value(option));
    else if (option.startsWith("-P")) job.atOnce = Number(value(option)) || XARGS_MOST;
    else if (option.startsWith("-d"))
      job.delimiter = value(option)
        .replaceAll("\\n", "\n")
        .replaceAll("\\t", "\t")
        .replaceAll("\\0", "\0");
    else if (/^-[sEax]/.test(option)) value(option);
    else return `invalid option -- '${option.slice(1)}'`;
  }
  return { ...job, argv: rest.length === 0 ? ["echo"] : rest };
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
  return groups.map((group) => [...argv, ...group]);
}

export const ps: Command = async ({ shell }) => {
  const rows = shell.process.system
    .callSync("processes")
    .map(({ pid, parent, state, argv, startedAt }) => {
      const started = new Date(startedAt).toTimeString().slice(0, 5);
      const mark = state === "running" ? "R" : state === "stopped" ? "T" : "Z";
      return `${String(pid).padStart(7)} ${String(parent).padStart(7)} ${mark}    ${started} ${argv.join(" ")}\n`;
    });
  await shell.print(`    PID    PPID STAT START COMMAND\n${rows.join("")}`);
  return 0;
};
