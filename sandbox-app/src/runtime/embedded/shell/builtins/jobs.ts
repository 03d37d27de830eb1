import { type SignalName, SignalNumber } from "../../kernel/system-calls.ts";
import { errnoOf, errnoWords } from "../redirect/error-words.ts";
import { SIGNAL_STATUS } from "../run/outcome.ts";
import type { Job } from "../state/jobs.ts";
import type { Shell } from "../state/shell.ts";
import {
  BadOption,
  type Builtin,
  type BuiltinCall,
  fail,
  parseOptions,
  refuse,
} from "./builtin.ts";
import { signalNamed, signalNames } from "./signals.ts";

const UNKNOWN_PROCESS = 127;

export const jobs: Builtin = async (call) => {
  const parsed = parseOptions(call.args, "lnprs");
  if (parsed instanceof BadOption)
    return refuse(call, parsed, "jobs [-lnprs] [jobspec ...] or jobs -x command [args]");
  const { shell } = call;
  const { letters, operands } = parsed;
  for (const spec of operands) {
    if (shell.jobs.find(spec) === undefined) return fail(call, `${spec}: no such job`);
  }
  const wanted =
    operands.length > 0
      ? operands.flatMap((spec) => shell.jobs.find(spec) ?? [])
      : shell.jobs.shown();
  for (const job of wanted) {
    if (letters.has("r") && job.status !== null) continue;
    if (letters.has("s")) continue;
    await shell.print(letters.has("p") ? `${job.pid}\n` : jobLine(shell, job, letters.has("l")));
    if (job.status !== null) shell.jobs.remove(job);
  }
  return 0;
};

const STATE_WIDTH = 24;

/** A job as `jobs` shows it, and as an interactive shell tells of its end. */
export function jobLine(shell: Shell, job: Job, withPid = false): string {
  const all = shell.jobs.shown();
  const mark = shell.jobs.current === job ? "+" : all.at(-2) === job ? "-" : " ";
  const pid = withPid ? ` ${job.pid}` : " ";
  return `[${job.id}]${mark}${pid} ${stateOf(job).padEnd(STATE_WIDTH)}${job.command}${job.status === null ? " &" : ""}\n`;
}

function stateOf({ status }: Job): string {
  if (status === null) return "Running";
  if (status === 0) return "Done";
  const signal = signalNames.find(([, number]) => number === status - SIGNAL_STATUS)?.[0];
  if (signal === "SIGTERM") return "Terminated";
  if (signal === "SIGKILL") return "Killed";
  return signal === "SIGINT" ? "Interrupt" : `Exit ${status}`;
}

export const wait: Builtin = async (call) => {
  const parsed = parseOptions(call.args, "fnp:");
  if (parsed instanceof BadOption) return refuse(call, parsed, "wait [-fn] [-p var] [id ...]");
  const { shell } = call;
  const { letters, values, operands } = parsed;
  const variable = values.get("p");
  if (letters.has("n")) return waitFirst(shell, operands, variable);
  if (operands.length === 0) {
    const late = await waitFor(shell, Promise.all(shell.jobs.all().map(({ ended }) => ended)));
    if (typeof late === "number") return late;
    for (const job of shell.jobs.all()) if (!shell.process.isInteractive) shell.jobs.remove(job);
    return 0;
  }
  let status = 0;
  for (const spec of operands) status = await waitOne(call, spec, variable);
  return status;
};

async function waitFirst(
  shell: Shell,
  specs: readonly string[],
  variable: string | undefined,
): Promise<number> {
  const named = specs.flatMap((spec) => jobOf(shell, spec) ?? []);
  const candidates = specs.length > 0 ? named : shell.jobs.all();
  if (candidates.length === 0) return UNKNOWN_PROCESS;
  const ends = candidates.map((job) => job.ended.then(() => job));
  const first = await waitFor(shell, Promise.race(ends));
  if (typeof first === "number") return first;
  if (variable !== undefined) shell.variables.set(variable, String(first.pid));
  shell.jobs.remove(first);
  return first.status ?? 0;
}

async function waitOne(
  call: BuiltinCall,
  spec: string,
  variable: string | undefined,
): Promise<number> {
  const { shell } = call;
  const job = jobOf(shell, spec);
  if (job === undefined) {
    const ended = shell.jobs.endedStatus(Number(spec));
    if (ended !== null) return ended;
    if (spec.startsWith("%")) return fail(call, `${spec}: no such job`, UNKNOWN_PROCESS);
    if (!/^\d+$/.test(spec)) return fail(call, `\`${spec}': not a pid or valid job spec`, 1);
    return fail(call, `pid ${spec} is not a child of this shell`, UNKNOWN_PROCESS);
  }
  if (variable !== undefined) shell.variables.set(variable, String(job.pid));
  const status = await waitFor(
    shell,
    job.ended.then((ended) => ({ ended })),
  );
  if (typeof status === "number") return status;
  job.status = status.ended;
  if (!shell.process.isInteractive) shell.jobs.remove(job);
  return status.ended;
}

/** Waits, unless a signal with a trap comes: then its status. */
async function waitFor<Value extends object>(
  shell: Shell,
  waiting: Promise<Value>,
): Promise<Value | number> {
  const signalled = shell.process.signalled.then(() => {
    const [name = "INT"] = shell.traps.pending;
    return SIGNAL_STATUS + (signalNames.find(([known]) => known === `SIG${name}`)?.[1] ?? 0);
  });
  return shell.untilAborted(Promise.race([waiting, signalled]));
}

function jobOf(shell: Shell, spec: string): Job | undefined {
  return spec.startsWith("%") ? shell.jobs.find(spec) : shell.jobs.byPid(Number(spec));
}

/** The signal that the options of `kill` name, and how many arguments that took. */
function signalText([first = "", second = ""]: readonly string[]): { text: string; taken: number } {
  if (first === "-s" || first === "-n") return { text: second, taken: 2 };
  const text = /^-([A-Za-z0-9]+)$/.exec(first)?.[1];
  return text === undefined ? { text: "TERM", taken: 0 } : { text, taken: 1 };
}

export const kill: Builtin = async (call) => {
  const { shell } = call;
  const [first = ""] = call.args;
  if (first === "-l" || first === "-L") return listSignals(shell, call.args.slice(1));
  const { text, taken } = signalText(call.args);
  const signal = signalNamed(text);
  if (signal === null) return fail(call, `${text}: invalid signal specification`);
  const args = call.args.slice(taken);
  if (args[0] === "--") args.shift();
  if (args.length === 0) {
    await shell.complain(
      "kill: usage: kill [-s sigspec | -n signum | -sigspec] pid | jobspec ... or kill -l [sigspec]\n",
    );
    return 2;
  }
  let status = 0;
  for (const target of args) status = (await killOne(call, target, signal)) || status;
  return status;
};

async function killOne(call: BuiltinCall, target: string, signal: SignalName | 0): Promise<number> {
  const { shell } = call;
  const job = jobOf(shell, target);
  if (target.startsWith("%") && job === undefined) return fail(call, `${target}: no such job`);
  if (!target.startsWith("%") && !/^-?\d+$/.test(target))
    return fail(call, `${target}: arguments must be process or job IDs`);
  try {
    if (job !== undefined) {
      if (job.status !== null) return await fail(call, `(${job.pid}) - No such process`);
      job.kill(signal);
    } else if (
      signal !== 0 &&
      Number(target) === shell.process.system.start.pid &&
      shell.traps.actions.has(signal.slice(3))
    ) {
      // Its own trap runs when `kill` is done, as bash does it.
      shell.traps.pending.push(signal.slice(3));
    } else {
      shell.process.system.callSync("kill", Number(target), signal);
      // A signal that ends this shell must not let another command run first.
      if (signal !== 0 && Number(target) === shell.process.system.start.pid)
        await shell.process.pause();
    }
    return 0;
  } catch (error) {
    return fail(
      call,
      errnoOf(error) === "ESRCH" ? `(${target}) - No such process` : errnoWords(error),
    );
  }
}

async function listSignals(shell: Shell, specs: readonly string[]): Promise<number> {
  const lines = specs.map((spec) => {
    if (!/^\d+$/.test(spec))
      return String(signalNames.find(([name]) => name === signalNamed(spec))?.[1] ?? "");
    const number = Number(spec) > SIGNAL_STATUS ? Number(spec) - SIGNAL_STATUS : Number(spec);
    return signalNames.find(([, known]) => known === number)?.[0].slice(3) ?? "";
  });
  const all = Object.entries(SignalNumber).map(
    ([name, number]) => `${String(number).padStart(2)}) ${name}`,
  );
  await shell.print(specs.length > 0 ? `${lines.join("\n")}\n` : `${all.join("\n")}\n`);
  return 0;
}

export const disown: Builtin = async (call) => {
  const { shell, args } = call;
  const specs = args.filter((arg) => !/^-[ahr]+$/.test(arg));
  const wanted =
    specs.length > 0
      ? specs.map((spec) => jobOf(shell, spec))
      : args.includes("-a")
        ? shell.jobs.all()
        : [shell.jobs.current];
  for (const [index, job] of wanted.entries()) {
    if (job === undefined) return fail(call, `${specs[index] ?? "current"}: no such job`);
    shell.jobs.remove(job);
  }
  return 0;
};

export const fg: Builtin = async (call) => {
  const { shell, args } = call;
  if (!shell.process.isInteractive && !shell.isOn("monitor")) return fail(call, "no job control");
  const job = jobOf(shell, args[0] ?? "%%");
  if (job === undefined) return fail(call, `${args[0] ?? "current"}: no such job`);
  await shell.print(`${job.command}\n`);
  giveTerminal(shell, job.pid);
  try {
    // A job that wanted to read from the terminal stands still since then.
    job.kill("SIGCONT");
    const status = await job.ended;
    shell.jobs.remove(job);
    return status;
  } finally {
    giveTerminal(shell, shell.process.group);
  }
};

/** Who reads what is typed, and gets what Ctrl-C sends. */
function giveTerminal({ process: { system } }: Shell, group: number): void {
  try {
    system.callSync("foregroundGroup", 0, group);
  } catch {
    // Input is no terminal.
  }
}

export const bg: Builtin = async (call) => {
  const { shell, args } = call;
  if (!shell.process.isInteractive && !shell.isOn("monitor")) return fail(call, "no job control");
  const job = jobOf(shell, args[0] ?? "%%");
  if (job === undefined) return fail(call, `${args[0] ?? "current"}: no such job`);
  job.kill("SIGCONT");
  return fail(call, `job ${job.id} already in background`, 0);
};
