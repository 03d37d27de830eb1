import { formatTime } from "../../builtins/format-time.ts";
import { errnoWords } from "../../redirect/error-words.ts";
import type { Shell } from "../../state/shell.ts";
import { type CommandCall, complain } from "../command.ts";
import { runOther } from "../running.ts";
import { modeText, USER_NAMES } from "../text/modes.ts";
import type { Output } from "../text/lines.ts";
import { baseName } from "../text/walk.ts";
import { ExpressionError, type Term, type Visit, type Words } from "./expression.ts";
import { typeLetters } from "./tests.ts";

/** What the actions of one search share. */
export interface Run {
  readonly call: CommandCall;
  readonly output: Output;
  status: number;
  isOver: boolean;
  /** Commands of `-exec … +`, to be run when all files are known. */
  readonly batches: { argv: readonly string[]; paths: string[] }[];
}

/** Makes an action of its name; null when there is no such action. */
export function makeAction(run: Run, name: string, words: Words): Term | null {
  const { output } = run;
  const print =
    (end: string): Term =>
    async ({ shown }) => {
      await output.add(shown + end);
      return true;
    };
  switch (name) {
    case "-print":
      return print("\n");
    case "-print0":
      return print("\0");
    case "-printf": {
      const format = words.argument(name);
      return async (visit) => {
        await output.add(formatted(format, visit));
        return true;
      };
    }
    case "-ls":
      return async (visit) => {
        await output.add(formatted("%9i %6k %M %3n %-8u %-8g %8s %Tb %Te %TH:%TM %p\n", visit));
        return true;
      };
    case "-delete":
      return (visit) => remove(run, visit);
    case "-quit":
      return () => {
        run.isOver = true;
        return true;
      };
    case "-exec":
    case "-execdir":
    case "-ok":
      return command(run, name, words);
    default:
      return null;
  }
}

async function remove({ call, ...run }: Run, { shown, path, status }: Visit): Promise<boolean> {
  if (shown === ".") return true;
  try {
    const name = status.type === "directory" ? "rmdir" : "unlink";
    await call.shell.process.system.call(name, path);
    return true;
  } catch (error) {
    run.status = await complain(call, `cannot delete '${shown}': ${errnoWords(error)}`);
    return false;
  }
}

function command(run: Run, name: string, words: Words): Term {
  const argv: string[] = [];
  for (;;) {
    const word = words.take();
    if (word === undefined) throw new ExpressionError(`missing argument to \`${name}'`);
    if (word === ";") break;
    if (word === "+" && argv.at(-1) === "{}") {
      const batch = { argv: argv.slice(0, -1), paths: [] as string[] };
      run.batches.push(batch);
      return ({ shown }) => {
        batch.paths.push(shown);
        return true;
      };
    }
    argv.push(word);
  }
  return (visit) => runFor(run, argv, visit, name === "-execdir");
}

async function runFor(
  { call: { shell }, output }: Run,
  argv: readonly string[],
  { shown, path }: Visit,
  inDirectory: boolean,
): Promise<boolean> {
  await output.flush();
  await shell.process.pace(shell.signal);
  const name = inDirectory ? `./${baseName(shown)}` : shown;
  const place: Shell = shell.subshell();
  if (inDirectory) place.cwd = path.slice(0, path.lastIndexOf("/")) || "/";
  try {
    const words = argv.map((word) => word.replaceAll("{}", () => name));
    return (await runOther(place, words)) === 0;
  } finally {
    place.descriptors.closeAll();
  }
}

/** Runs what `-exec … +` collected. */
export async function runBatches(run: Run): Promise<void> {
  await run.output.flush();
  for (const { argv, paths } of run.batches) {
    if (paths.length === 0) continue;
    if ((await runOther(run.call.shell, [...argv, ...paths])) !== 0) run.status = 1;
  }
}

const backslashes: Readonly<Record<string, string>> = {
  n: "\n",
  t: "\t",
  r: "\r",
  "0": "\0",
  a: "\x07",
  "\\": "\\",
};

/** What `-printf` makes of a file (find(1), the format of -printf). */
function formatted(format: string, visit: Visit): string {
  return format.replaceAll(
    /\\(.)|%([-0]?)(\d*)(?:\.\d+)?(?:([TAC])(.)|(.))/gs,
    (whole, escape, flag: string, width: string, time, letter, directive) => {
      if (escape !== undefined) return backslashes[String(escape)] ?? `\\${String(escape)}`;
      const value =
        time === undefined
          ? directiveOf(String(directive), visit)
          : timeText(String(letter), visit.status.mtimeMs);
      if (value === null) return whole;
      const size = Number(width);
      return flag === "-" ? value.padEnd(size) : value.padStart(size, flag === "0" ? "0" : " ");
    },
  );
}

function timeText(letter: string, ms: number): string {
  if (letter === "@")
    return `${Math.floor(ms / 1000)}.${String(ms % 1000).padStart(3, "0")}0000000`;
  if (letter === "+") return formatTime("%Y-%m-%d+%H:%M:%S", new Date(ms));
  return formatTime(`%${letter}`, new Date(ms));
}

function directiveOf(letter: string, { shown, start, depth, status }: Visit): string | null {
  const directory = shown.includes("/") ? shown.slice(0, shown.lastIndexOf("/")) || "/" : ".";
  const values: Readonly<Record<string, () => string>> = {
    "%": () => "%",
    f: () => baseName(shown),
    p: () => shown,
    P: () => (shown === start ? "" : shown.slice(start.length).replace(/^\//, "")),
    h: () => directory,
    H: () => start,
    d: () => String(depth),
    s: () => String(status.size),
    k: () => String(Math.ceil(status.size / 4096) * 4),
    b: () => String(Math.ceil(status.size / 4096) * 8),
    m: () => status.mode.toString(8),
    M: () => modeText(status),
    y: () => typeLetters[status.type],
    Y: () => typeLetters[status.type],
    n: () => String(status.nlink),
    i: () => String(status.ino),
    u: () => USER_NAMES[status.uid] ?? String(status.uid),
    g: () => USER_NAMES[status.gid] ?? String(status.gid),
    U: () => String(status.uid),
    G: () => String(status.gid),
    l: () => "",
    t: () => formatTime("%a %b %e %H:%M:%S %Y", new Date(status.mtimeMs)),
  };
  return values[letter]?.() ?? null;
}
