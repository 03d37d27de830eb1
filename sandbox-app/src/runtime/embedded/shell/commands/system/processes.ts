import { USER } from "../../../kernel/layout.ts";
import type { ProcessInfo, SignalName } from "../../../kernel/system-calls.ts";
import { signalNamed } from "../../builtins/signals.ts";
import { errnoWords } from "../../redirect/error-words.ts";
import type { Shell } from "../../state/shell.ts";
import { type Command, type CommandCall, complain } from "../command.ts";
import { gnuOptions } from "../gnu-options.ts";
import { baseName } from "../text/walk.ts";

/** Columns that `ps` and `top` show, by name; those to the right are numbers. */
const columns: Readonly<
  Record<
    string,
    { title: string; width: number; isText?: boolean; of: (one: ProcessInfo) => string }
  >
> = {
  user: { title: "USER", width: 8, isText: true, of: () => USER },
  pid: { title: "PID", width: 7, of: ({ pid }) => String(pid) },
  ppid: { title: "PPID", width: 7, of: ({ parent }) => String(parent) },
  pgid: { title: "PGID", width: 7, of: ({ group }) => String(group) },
  pcpu: { title: "%CPU", width: 4, of: ({ load }) => ((load ?? 0) * 100).toFixed(1) },
  pmem: { title: "%MEM", width: 4, of: () => "0.0" },
  vsz: { title: "VSZ", width: 6, of: kibibytes },
  rss: { title: "RSS", width: 6, of: kibibytes },
  tty: { title: "TTY", width: 8, isText: true, of: () => "?" },
  stat: { title: "STAT", width: 4, isText: true, of: stateLetter },
  start: { title: "START", width: 5, isText: true, of: ({ startedAt }) => clock(startedAt) },
  time: { title: "TIME", width: 8, of: () => "00:00:00" },
  etime: { title: "ELAPSED", width: 11, of: ({ startedAt }) => elapsed(Date.now() - startedAt) },
  comm: { title: "COMMAND", width: 15, isText: true, of: ({ argv }) => baseName(argv[0] ?? "") },
  args: { title: "COMMAND", width: 0, isText: true, of: ({ argv }) => argv.join(" ") },
};

const aliases: Readonly<Record<string, string>> = {
  cmd: "args",
  command: "args",
  ucmd: "comm",
  "%cpu": "pcpu",
  "%mem": "pmem",
  s: "stat",
  state: "stat",
  tt: "tty",
  lstart: "start",
  stime: "start",
  uid: "user",
  euser: "user",
};

function kibibytes({ memory }: ProcessInfo): string {
  return String(Math.ceil((memory ?? 0) / 1024));
}

function stateLetter({ state, load }: ProcessInfo): string {
  if (state === "stopped") return "T";
  return state === "ended" ? "Z" : (load ?? 0) > 0.5 ? "R" : "S";
}

function clock(ms: number): string {
  return new Date(ms).toTimeString().slice(0, 5);
}

function elapsed(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const two = (value: number): string => String(value).padStart(2, "0");
  const hours = Math.floor(seconds / 3600);
  return `${hours > 0 ? `${two(hours)}:` : ""}${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}

function table(
  processes: readonly ProcessInfo[],
  names: readonly string[],
  hasTitles = true,
): string {
  const chosen = names.flatMap((name) => {
    const [known = "", title] = name.split("=");
    const column = columns[aliases[known] ?? known];
    return column === undefined ? [] : [{ ...column, title: title ?? column.title }];
  });
  const line = (cells: readonly string[]): string =>
    `${cells
      .map((cell, at) => {
        const { width = 0, isText = false } = chosen[at] ?? {};
        if (at === cells.length - 1 && isText) return cell;
        return isText ? cell.padEnd(width) : cell.padStart(width);
      })
      .join(" ")}\n`;
  const isBare = chosen.every(({ title }) => title === "");
  const head = hasTitles && !isBare ? line(chosen.map(({ title }) => title)) : "";
  return head + processes.map((one) => line(chosen.map(({ of }) => of(one)))).join("");
}

/** `ps` (procps): every process is the same user's, so all of them are always shown. */
export const ps: Command = async ({ shell, args }) => {
  const all = shell.process.system.callSync("processes");
  const texts = args.join(" ");
  const named = /(?:^| )-?o ?(\S+)/.exec(texts.replaceAll(/-eo|-Ao|-axo|axo/g, "-o"))?.[1];
  const pids = /(?:^| )(?:-p|--pid|-q)[ =]?([\d, ]+)/.exec(texts)?.[1]?.split(/[ ,]+/).map(Number);
  const parents = /(?:^| )--ppid[ =]?(\d+)/.exec(texts)?.[1];
  const commands = /(?:^| )-C ?(\S+)/.exec(texts)?.[1];
  const shown = all.filter(
    ({ pid, parent, argv }) =>
      (pids === undefined || pids.includes(pid)) &&
      (parents === undefined || parent === Number(parents)) &&
      (commands === undefined || baseName(argv[0] ?? "") === commands),
  );
  const [first = ""] = args;
  const standard =
    /u/.test(first) && /^-?[aux]+w*f?$/.test(first)
      ? ["user", "pid", "pcpu", "pmem", "vsz", "rss", "tty", "stat", "start", "time", "args"]
      : /^-\w*f/.test(first)
        ? ["user", "pid", "ppid", "pcpu", "start", "tty", "time", "args"]
        : ["pid", "ppid", "stat", "start", "args"];
  const names = named === undefined ? standard : named.split(",");
  await shell.print(table(shown, names, !/--no-headers?|(?:^| )-?h(?: |$)/.test(texts)));
  return shown.length === 0 ? 1 : 0;
};

export const top: Command = async ({ shell, args }) => {
  if (!args.some((arg) => /^-\w*b/.test(arg)))
    await shell.complain(
      "top: shown once: this terminal has no full-screen view (see the page's processes)\n",
    );
  const all = shell.process.system.callSync("processes");
  const running = all.filter((one) => stateLetter(one) === "R").length;
  const load = all.reduce((sum, one) => sum + (one.load ?? 0), 0).toFixed(2);
  const head = `top - ${clock(Date.now())}:00, 1 user, load average: ${load}, ${load}, ${load}\nTasks: ${all.length} total, ${running} running, ${all.length - running} sleeping, 0 stopped, 0 zombie\n\n`;
  const sorted = all.toSorted((a, b) => (b.load ?? 0) - (a.load ?? 0));
  await shell.print(
    head + table(sorted, ["pid", "user", "vsz", "rss", "stat", "pcpu", "pmem", "time", "args"]),
  );
  return 0;
};

async function chosenProcesses(
  call: CommandCall,
): Promise<
  { found: ProcessInfo[]; given: ReadonlyMap<string, string>; signal: SignalName | 0 } | number
> {
  const { shell } = call;
  const named = call.args.find(
    (arg) => /^-(?:[A-Z0-9]+)$/.test(arg) && signalNamed(arg.slice(1)) !== null,
  );
  const { given, operands, unknown } = gnuOptions(
    call.args.filter((arg) => arg !== named),
    {
      letters: "flxonaciveP:u:s:g:",
      long: {
        full: "f",
        "list-name": "l",
        "list-full": "a",
        exact: "x",
        oldest: "o",
        newest: "n",
        count: "c",
        signal: "s",
        parent: "P",
        "ignore-case": "i",
        inverse: "v",
        echo: "e",
      },
    },
  );
  if (unknown !== null) return complain(call, unknown, 2);
  const [pattern] = operands;
  if (pattern === undefined && !given.has("P"))
    return complain(
      call,
      "no matching criteria specified\nTry `pgrep --help' for more information.",
      2,
    );
  const source = given.has("x") ? `^(?:${pattern ?? ""})$` : (pattern ?? "");
  const test = new RegExp(source, given.has("i") ? "i" : "");
  const own = shell.process.system.start.pid;
  let found = shell.process.system.callSync("processes").filter(({ pid, parent, argv, state }) => {
    if (pid === own || pid === 1 || state === "ended") return false;
    if (given.has("P") && String(parent) !== given.get("P")) return false;
    return test.test(given.has("f") ? argv.join(" ") : baseName(argv[0] ?? "")) !== given.has("v");
  });
  if (given.has("o")) found = found.slice(0, 1);
  if (given.has("n")) found = found.slice(-1);
  const signal = signalNamed((named ?? given.get("s") ?? "TERM").replace(/^-/, ""));
  return { found, given, signal: signal ?? "SIGTERM" };
}

export const pgrep: Command = async (call) => {
  const chosen = await chosenProcesses(call);
  if (typeof chosen === "number") return chosen;
  const { found, given } = chosen;
  if (given.has("c")) await call.shell.print(`${found.length}\n`);
  else
    for (const { pid, argv } of found) {
      const name = given.has("a")
        ? ` ${argv.join(" ")}`
        : given.has("l")
          ? ` ${baseName(argv[0] ?? "")}`
          : "";
      await call.shell.print(`${pid}${name}\n`);
    }
  return found.length === 0 ? 1 : 0;
};

export const pkill: Command = async (call) => {
  const chosen = await chosenProcesses(call);
  if (typeof chosen === "number") return chosen;
  return signalAll(call, chosen.found, chosen.signal);
};

export const killall: Command = async (call) => {
  const names = call.args.filter((arg) => !arg.startsWith("-"));
  const text = call.args.find((arg) => /^-[A-Z0-9]+$/.test(arg))?.slice(1) ?? "TERM";
  const all = call.shell.process.system.callSync("processes");
  const found = all.filter(
    ({ argv, state }) => state !== "ended" && names.includes(baseName(argv[0] ?? "")),
  );
  if (found.length === 0) return complain(call, `${names.join(" ")}: no process found`);
  return signalAll(call, found, signalNamed(text) ?? "SIGTERM");
};

async function signalAll(
  call: CommandCall,
  found: readonly ProcessInfo[],
  signal: SignalName | 0,
): Promise<number> {
  for (const { pid } of found) {
    try {
      call.shell.process.system.callSync("kill", pid, signal);
    } catch (error) {
      await complain(call, `killing pid ${pid} failed: ${errnoWords(error)}`);
    }
  }
  return found.length === 0 ? 1 : 0;
}

interface Listening {
  readonly port: number;
  readonly process: ProcessInfo;
}

function listening(shell: Shell): Listening[] {
  const all = shell.process.system.callSync("processes");
  return all.flatMap((process) => process.ports.map((port) => ({ port, process })));
}

export const lsof: Command = async ({ shell, args }) => {
  const texts = args.join(" ");
  const port = /:(\d+)/.exec(texts)?.[1];
  const found = listening(shell).filter((one) => port === undefined || one.port === Number(port));
  if (found.length === 0) return 1;
  if (/-\w*t/.test(texts.replaceAll(/-i\S*/g, ""))) {
    await shell.print(found.map(({ process }) => `${process.pid}\n`).join(""));
    return 0;
  }
  const rows = found.map(
    ({ port: open, process: { pid, argv } }) =>
      `${baseName(argv[0] ?? "")
        .slice(0, 9)
        .padEnd(
          9,
        )} ${String(pid).padStart(5)} ${USER.padStart(5)}   3u  IPv4 ${String(open).padStart(6)}      0t0  TCP *:${open} (LISTEN)\n`,
  );
  await shell.print(
    `COMMAND     PID  USER   FD   TYPE DEVICE SIZE/OFF NODE NAME\n${rows.join("")}`,
  );
  return 0;
};

export const ss: Command = async ({ shell }) => {
  const rows = listening(shell).map(
    ({ port, process: { pid, argv } }) =>
      `LISTEN 0      511          0.0.0.0:${String(port).padEnd(6)}      0.0.0.0:*    users:(("${baseName(argv[0] ?? "")}",pid=${pid},fd=3))\n`,
  );
  await shell.print(
    `State  Recv-Q Send-Q Local Address:Port  Peer Address:Port Process\n${rows.join("")}`,
  );
  return 0;
};
