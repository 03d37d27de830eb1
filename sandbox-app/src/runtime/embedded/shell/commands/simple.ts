import { USER } from "../../kernel/layout.ts";
import { resolvePath } from "../../kernel/path.ts";
import { findProgram, programsNamed } from "../run/program.ts";
import type { Shell } from "../state/shell.ts";
import { type Command, type CommandCall, complain } from "./command.ts";

const UID = 1_000;

export const id: Command = async (call) => {
  const { shell, args } = call;
  const flags = args.join("").replaceAll("-", "");
  if (args.length === 0)
    await shell.print(`uid=${UID}(${USER}) gid=${UID}(${USER}) groups=${UID}(${USER})\n`);
  else if (/^[ugGnr]+$/.test(flags)) await shell.print(`${flags.includes("n") ? USER : UID}\n`);
  else return complain(call, `invalid option -- '${args.join(" ")}'`);
  return 0;
};

/** What `uname` says of each flag, in the order of `-a`. */
const systemNames = [
  ["s", "Linux"],
  ["n", "disco"],
  ["r", "6.1.0-disco"],
  ["v", "#1 embedded"],
  ["m", "wasm32"],
  ["o", "GNU/Linux"],
] as const;

export const uname: Command = async (call) => {
  const flags = call.args.join("").replaceAll("-", "") || "s";
  const unknown = Array.from(flags).find(
    (flag) => flag !== "a" && !systemNames.some(([name]) => name === flag),
  );
  if (unknown !== undefined) return complain(call, `invalid option -- '${unknown}'`);
  const wanted = systemNames.filter(([name]) => flags.includes("a") || flags.includes(name));
  await call.shell.print(`${wanted.map(([, value]) => value).join(" ")}\n`);
  return 0;
};

export const nproc: Command = async ({ shell }) => {
  await shell.print(`${navigator.hardwareConcurrency}\n`);
  return 0;
};

const SECONDS: Readonly<Record<string, number>> = { "": 1, s: 1, m: 60, h: 3600, d: 86_400 };

/** Milliseconds of `5`, `0.5s`, `2m`; null for what is none. */
export function durationOf(text: string): number | null {
  const match = /^(\d+\.?\d*|\.\d+)([smhd]?)$/.exec(text);
  return match === null ? null : Number(match[1]) * (SECONDS[match[2] ?? ""] ?? 1) * 1000;
}

export const sleep: Command = async (call) => {
  const { shell, args } = call;
  if (args.length === 0) return complain(call, "missing operand");
  const durations = args.map((arg) =>
    arg === "infinity" ? Number.POSITIVE_INFINITY : durationOf(arg),
  );
  const bad = durations.indexOf(null);
  if (bad !== -1) return complain(call, `invalid time interval '${args[bad] ?? ""}'`);
  const total = durations.reduce<number>((sum, duration) => sum + (duration ?? 0), 0);
  const slept = Promise.withResolvers<void>();
  const timer = Number.isFinite(total) ? setTimeout(slept.resolve, total) : undefined;
  try {
    await shell.untilAborted(slept.promise);
  } finally {
    clearTimeout(timer);
  }
  return 0;
};

/** Lines of `yes` written at once: enough to keep a pipe full. */
const YES_BYTES = 16_384;

export const yes: Command = async ({ shell, args }) => {
  const line = `${args.length === 0 ? "y" : args.join(" ")}\n`;
  const bytes = new TextEncoder().encode(
    line.repeat(Math.max(1, Math.floor(YES_BYTES / line.length))),
  );
  for (;;) {
    await shell.process.pace(shell.signal);
    await shell.untilAborted(shell.write(1, bytes));
  }
};

export const env: Command = async (call) => {
  const child = call.shell.subshell();
  const args = [...call.args];
  try {
    const bad = takeEnvOptions(child, args);
    if (bad !== null) return await complain(call, `invalid option -- '${bad}'`, OWN_FAILURE);
    while (/^[^=]+=/.test(args[0] ?? "")) {
      const text = args.shift() ?? "";
      const at = text.indexOf("=");
      child.variables.set(text.slice(0, at), text.slice(at + 1));
      child.variables.declare(text.slice(0, at)).attributes.exported = true;
    }
    if (args.length === 0) {
      await printEnvironment(child.variables.environment(), call);
      return 0;
    }
    const options = { functions: false, builtins: false };
    if (findProgram(child, args[0] ?? "") === null)
      return await complain(call, `‘${args[0] ?? ""}’: No such file or directory`, NOT_FOUND);
    return await child.process.interpreter.command(child, args, options);
  } finally {
    child.descriptors.closeAll();
  }
};

const NOT_FOUND = 127;
/** `env` itself failed, and not the command (env(1), EXIT STATUS). */
const OWN_FAILURE = 125;

/** Takes the options of `env` off the arguments; returns one that it does not know. */
function takeEnvOptions(shell: Shell, args: string[]): string | null {
  const { variables } = shell;
  while ((args[0] ?? "").startsWith("-")) {
    const option = args.shift() ?? "";
    const unset = /^(?:-u|--unset=?)(.*)$/.exec(option)?.[1];
    const directory = /^(?:-C|--chdir=?)(.*)$/.exec(option)?.[1];
    if (option === "--") return null;
    if (unset !== undefined) variables.unset(unset === "" ? (args.shift() ?? "") : unset);
    else if (directory !== undefined)
      shell.cwd = resolvePath(shell.cwd, directory === "" ? (args.shift() ?? "") : directory);
    else if (["-i", "-", "--ignore-environment"].includes(option)) {
      for (const [, { attributes }] of variables.visible()) attributes.exported = false;
    } else if (option !== "-S") return option.slice(1);
  }
  return null;
}

async function printEnvironment(
  environment: Readonly<Record<string, string>>,
  { shell }: CommandCall,
): Promise<void> {
  await shell.print(
    Object.entries(environment)
      .map(([name, value]) => `${name}=${value}\n`)
      .join(""),
  );
}

export const printenv: Command = async (call) => {
  const { shell, args } = call;
  const environment = shell.variables.environment();
  if (args.length === 0) {
    await printEnvironment(environment, call);
    return 0;
  }
  const values = args.map((name) => environment[name]);
  await shell.print(values.map((value) => (value === undefined ? "" : `${value}\n`)).join(""));
  return values.includes(undefined) ? 1 : 0;
};

export const which: Command = async ({ shell, args }) => {
  const shows = args.includes("-a");
  const names = args.filter((arg) => arg !== "-a");
  let status = 0;
  for (const name of names) {
    const found = name.includes("/")
      ? shell.isRunnable(name)
        ? [name]
        : []
      : programsNamed(shell, name);
    if (found.length === 0) status = 1;
    for (const path of shows ? found : found.slice(0, 1)) await shell.print(`${path}\n`);
  }
  return status;
};

export const tty: Command = async ({ shell }) => {
  const handle = shell.descriptors.get(0);
  const size =
    handle === undefined || !("isKernel" in handle.file)
      ? null
      : shell.process.system.callSync("terminalSize", handle.file.kernelFd());
  await shell.print(size === null ? "not a tty\n" : "/dev/tty\n");
  return size === null ? 1 : 0;
};
