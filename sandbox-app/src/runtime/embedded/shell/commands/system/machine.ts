import { USER } from "../../../kernel/layout.ts";
import { PROCESS_MEMORY_MAX_BYTES, PROCESSES_MAX } from "../../../kernel/limits.ts";
import { type Command, complain } from "../command.ts";
import { humanSize } from "../files/sizes.ts";
import { gnuOptions } from "../gnu-options.ts";
import { runOther } from "../running.ts";
import { durationOf } from "../simple.ts";

export const free: Command = async ({ shell, args }) => {
  const all = shell.process.system.callSync("processes");
  const used = all.reduce((sum, { memory }) => sum + (memory ?? 0), 0);
  const total = PROCESS_MEMORY_MAX_BYTES * 4;
  const unit = args.some((arg) => /^-\w*m/.test(arg))
    ? 1024 ** 2
    : args.some((arg) => /^-\w*b/.test(arg))
      ? 1
      : 1024;
  const isHuman = args.some((arg) => /^-\w*h/.test(arg));
  const cell = (bytes: number): string =>
    (isHuman ? humanSize(bytes) : String(Math.floor(bytes / unit))).padStart(11);
  const row = (name: string, cells: readonly number[]): string =>
    `${name.padEnd(7)}${cells.map(cell).join(" ")}\n`;
  await shell.print(
    `               total        used        free      shared  buff/cache   available\n${row("Mem:", [total, used, total - used, 0, 0, total - used])}${row("Swap:", [0, 0, 0])}`,
  );
  return 0;
};

export const uptime: Command = async ({ shell, args }) => {
  const all = shell.process.system.callSync("processes");
  const first = Math.min(Date.now(), ...all.map(({ startedAt }) => startedAt));
  const minutes = Math.floor((Date.now() - first) / 60_000);
  const hours = Math.floor(minutes / 60);
  if (args.includes("-p")) {
    await shell.print(`up ${hours > 0 ? `${hours} hours, ` : ""}${minutes % 60} minutes\n`);
    return 0;
  }
  const load = all.reduce((sum, one) => sum + (one.load ?? 0), 0).toFixed(2);
  const time = new Date().toTimeString().slice(0, 8);
  const up = hours > 0 ? `${hours}:${String(minutes % 60).padStart(2, "0")}` : `${minutes} min`;
  await shell.print(` ${time} up ${up},  1 user,  load average: ${load}, ${load}, ${load}\n`);
  return 0;
};

export const groups: Command = async ({ shell }) => {
  await shell.print(`${USER}\n`);
  return 0;
};

export const arch: Command = async ({ shell }) => {
  await shell.print("wasm32\n");
  return 0;
};

const settings: Readonly<Record<string, string>> = {
  PAGE_SIZE: "4096",
  PAGESIZE: "4096",
  ARG_MAX: "2097152",
  OPEN_MAX: "1024",
  CHILD_MAX: String(PROCESSES_MAX),
  LONG_BIT: "64",
};

export const getconf: Command = async (call) => {
  const [name = ""] = call.args;
  const value =
    name === "_NPROCESSORS_ONLN" ? String(navigator.hardwareConcurrency) : settings[name];
  if (value === undefined) return complain(call, `Unrecognized variable \`${name}'`);
  await call.shell.print(`${value}\n`);
  return 0;
};

/** Runs the command that stands behind options of its own. */
function wrapper(letters: string): Command {
  return (call) => {
    const { operands, unknown } = gnuOptions(call.args, {
      letters,
      long: { adjustment: "n" },
      stopsAtOperand: true,
    });
    if (unknown !== null) return complain(call, unknown, 125);
    if (operands.length === 0) return complain(call, "missing operand", 125);
    return runOther(call.shell, operands);
  };
}

/** Priorities and buffers are not ours to set: the command simply runs. */
export const nice = wrapper("n:0123456789");
export const stdbuf = wrapper("i:o:e:");
export const setsid = wrapper("cfw");
export const ionice = wrapper("c:n:t");

/** How often `watch` runs its command, in seconds. */
const WATCH_SECONDS = "2";

export const watch: Command = async (call) => {
  const { shell } = call;
  const { given, operands, unknown } = gnuOptions(call.args, {
    letters: "n:dtegcxbq:",
    long: {
      interval: "n",
      "no-title": "t",
      errexit: "e",
      chgexit: "g",
      differences: "d",
      color: "c",
      exec: "x",
    },
    stopsAtOperand: true,
  });
  if (unknown !== null) return complain(call, unknown);
  if (operands.length === 0) return complain(call, "missing command");
  const interval = durationOf(given.get("n") ?? WATCH_SECONDS) ?? Number(WATCH_SECONDS) * 1000;
  for (;;) {
    const title = given.has("t") ? "" : `Every ${interval / 1000}s: ${operands.join(" ")}\n\n`;
    await shell.print(`\x1b[H\x1b[2J${title}`);
    const argv = given.has("x") ? operands : ["sh", "-c", operands.join(" ")];
    const status = await runOther(shell, argv);
    if (given.has("e") && status !== 0) return status;
    await shell.untilAborted(new Promise((resolve) => void setTimeout(resolve, interval)));
  }
};
