import type { CutEvent, RunningProcess, Usage } from "../../runtime/runtime.ts";
import { formatBytes, formatDuration } from "../text/duration.ts";
import { visibleLine } from "../text/visible.ts";

/** UTF-16 units of a command that a row shows; a script given with `-c` can be any length. */
const COMMAND_MAX = 400;
const NOTICE_COMMAND_MAX = 80;

/** What a shell takes as one word without quotes. */
const PLAIN_WORD = /^[\w@%+=:,./-]+$/;

/** The command line as one would type it, with every hidden character made visible. */
export function commandWords(argv: readonly string[], max = COMMAND_MAX): string {
  if (argv.length === 0) return "a program without a name";
  const line = visibleLine(argv.map(quoted).join(" "));
  return line.length <= max ? line : `${line.slice(0, max)} …`;
}

function quoted(word: string): string {
  return PLAIN_WORD.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

/** What is known of a program, each in a few words; what it does not report is left out. */
export function processFacts(process: RunningProcess, now: number): readonly string[] {
  const { pid, startedAt, state, ports, memory, load } = process;
  const facts = [`pid ${pid}`, formatDuration(now - startedAt)];
  if (state === "stopped") facts.push("paused");
  if (ports.length > 0) facts.push(`${ports.length === 1 ? "port" : "ports"} ${ports.join(", ")}`);
  if (memory !== null) facts.push(formatBytes(memory));
  if (load !== null) facts.push(`${Math.round(load * 100)} % busy`);
  return facts;
}

/** What runs and what is used, of what there may be. */
export function usageWords(count: number, usage: Usage | null): string {
  const running = count === 1 ? "1 program runs" : `${count} programs run`;
  if (usage === null) return `${running}.`;
  const { processesMax, fileBytes, fileBytesMax } = usage;
  const files = `${formatBytes(fileBytes)} of ${formatBytes(fileBytesMax)}`;
  return `${running}, of ${processesMax} at most. Files take ${files}.`;
}

/** What the watchdog ended, and why. */
export function cutWords({ argv, pid, message }: CutEvent): string {
  const command = commandWords(argv, NOTICE_COMMAND_MAX);
  return `The watchdog ended ${command} (pid ${pid}): ${visibleLine(message)}.`;
}
