import { resolvePath } from "../kernel/path.ts";
import { SUBSHELL_PROGRAM } from "../kernel/layout.ts";
import { SignalNumber, type System } from "../kernel/system-calls.ts";
import { ownName, runNamedCommand } from "./commands/run.ts";
import { runInteractive } from "./interactive/session.ts";
import { promptText } from "./interactive/prompt-escapes.ts";
import { type Plan, planOf } from "./plan.ts";
import { Handle } from "./redirect/descriptors.ts";
import { errnoOf, errnoWords } from "./redirect/error-words.ts";
import { KernelFile } from "./redirect/open-file.ts";
import { interpreter } from "./run/interpreter.ts";
import { MISUSE, NOT_FOUND, NOT_RUNNABLE } from "./run/outcome.ts";
import { AbortReason, ShellProcess } from "./run/shell-process.ts";
import { dieOf } from "./run/ending.ts";
import { runInSubshell } from "./run/subshell.ts";
import { optionOfLetter } from "./state/options.ts";
import { Shell } from "./state/shell.ts";
import { parseScript } from "./syntax/parse.ts";
import { Source } from "./syntax/source.ts";
import { restoreShell, type ShellSnapshot } from "./state/snapshot.ts";

/** Runs the program that a process was started for; resolves with its exit code. */
export async function runShellProgram(system: System): Promise<number> {
  const { program, argv } = system.start;
  if (program === SUBSHELL_PROGRAM) return runForked(system);
  const name = ownName(program);
  if (name !== null) {
    const shell = makeShell(system, false);
    return finish(shell, () => runNamedCommand(shell, name, argv.slice(1)));
  }
  const plan = planOf(argv);
  if (plan.kind === "version")
    return say(system, 1, "GNU bash, version 5.2.15(1)-release (wasm32-disco-linux-gnu)\n", 0);
  if (plan.kind === "refused") return say(system, 2, plan.message, MISUSE);
  const isInteractive =
    plan.source.from === "input" && (plan.isInteractive || isTerminal(system, 0));
  const shell = makeShell(system, isInteractive);
  return isInteractive ? runInteractive(shell) : runScript(shell, plan);
}

function makeShell(system: System, isInteractive: boolean): Shell {
  const process = new ShellProcess(system, interpreter, isInteractive);
  process.promptText = promptText;
  const shell = new Shell(process, process.ending.signal);
  for (const fd of [0, 1, 2]) shell.descriptors.set(fd, new Handle(new KernelFile(system, fd)));
  for (const fd of inheritedFds(system))
    shell.descriptors.set(fd, new Handle(new KernelFile(system, fd)));
  for (const [name, value] of Object.entries(system.start.env)) {
    const called = /^BASH_FUNC_(\S+)%%$/.exec(name)?.[1];
    if (called !== undefined) importFunction(shell, called, value);
    if (!/^[A-Za-z_]\w*$/.test(name)) continue;
    shell.variables.set(name, value);
    shell.variables.declare(name).attributes.exported = true;
  }
  shell.cwd = system.start.cwd;
  setDefaults(shell);
  listenToSignals(shell);
  return shell;
}

/** A function that the parent has exported. */
function importFunction(shell: Shell, name: string, text: string): void {
  const source = new Source(`${name} ${text}\n`);
  const { script, errors } = parseScript(source.text);
  const command = script.commands[0]?.command;
  if (errors.length > 0 || command?.type !== "Function" || script.commands.length > 1) return;
  const { body } = command;
  shell.functions.set(name, { name, body, source, file: "environment", isExported: true });
}

/** Descriptors that a parent handed down beyond the standard three, as for `<(…)`. */
function inheritedFds(system: System): number[] {
  const found: number[] = [];
  for (let fd = 3; fd <= INHERITED_MAX; fd++) {
    try {
      // Gaps below a descriptor that was handed down are /dev/null.
      if (system.callSync("fstat", fd).type !== "device") found.push(fd);
    } catch {
      // Not open.
    }
  }
  return found;
}

/** Process substitutions count down from here; shells hand nothing down beyond it. */
const INHERITED_MAX = 63;

function setDefaults({ variables, cwd, process }: Shell): void {
  variables.set("PWD", cwd);
  variables.declare("PWD").attributes.exported = true;
  variables.set("IFS", " \t\n");
  variables.set("OPTIND", "1");
  variables.set("OPTERR", "1");
  variables.set("PS4", "+ ");
  if (process.isInteractive) {
    variables.set("PS1", variables.get("PS1") ?? "\\[\\e[1;34m\\]\\w\\[\\e[0m\\] \\$ ");
    variables.set("PS2", "> ");
  }
  const level = Number(variables.get("SHLVL") ?? "0") + 1;
  variables.set("SHLVL", String(Number.isInteger(level) ? level : 1));
  variables.declare("SHLVL").attributes.exported = true;
}

function listenToSignals(shell: Shell): void {
  // Stages of a pipeline share this process: a pipe that nobody reads ends the stage, by EPIPE.
  shell.process.system.callSync("signalAction", "SIGPIPE", "event");
  shell.process.system.onEvent((event) => {
    if (event.type !== "signal") return;
    const { signal } = event;
    if (shell.traps.actions.has(signal.slice(3))) {
      shell.traps.pending.push(signal.slice(3));
      shell.process.tellSignal();
    } else if (shell.traps.actions.has("EXIT") && !shell.process.isInteractive) {
      shell.process.ending.abort(new AbortReason(signal, SignalNumber[signal]));
    }
  });
}

/** Goes on where another shell forked this one off. */
async function runForked(system: System): Promise<number> {
  const { channel } = system.start;
  if (channel === null) return say(system, 2, "bash: a subshell has no state of its own\n", MISUSE);
  const snapshot = await new Promise<ShellSnapshot>((resolve) => {
    channel.addEventListener("message", ({ data }: MessageEvent<ShellSnapshot>) => resolve(data));
    channel.start();
  });
  channel.close();
  const shell = makeShell(system, false);
  const node = restoreShell(shell, snapshot);
  const inner = node.type === "Redirected" ? node.command : node;
  shell.isSubshell = inner.type === "Subshell";
  return finish(shell, () => shell.process.interpreter.node(shell, node));
}

type ScriptPlan = Extract<Plan, { kind: "script" }>;

async function runScript(shell: Shell, plan: ScriptPlan): Promise<number> {
  for (const letter of plan.options) {
    const option = optionOfLetter(letter);
    if (option !== undefined) shell.options.set.add(option);
  }
  for (const option of plan.longOptions) shell.options.set.add(option);
  shell.name = plan.name;
  shell.parameters = plan.args;
  if (plan.source.from === "text") shell.process.howStarted = "c";
  if (plan.source.from === "input") shell.process.howStarted = "s";
  const loaded = await load(shell, plan);
  if (typeof loaded !== "string")
    return say(shell.process.system, 2, loaded.message, loaded.status);
  if (plan.source.from === "file") shell.process.script = plan.source.path;
  const file = plan.source.from === "file" ? { file: plan.source.path } : {};
  return finish(shell, () => shell.process.interpreter.text(shell, loaded, file));
}

async function load(
  shell: Shell,
  { source, name }: ScriptPlan,
): Promise<string | { message: string; status: number }> {
  if (source.from === "text") return source.text;
  const input = shell.descriptors.get(0);
  if (source.from === "input") return new TextDecoder().decode((await input?.readAll())?.slice());
  try {
    const path = resolvePath(shell.cwd, source.path);
    return new TextDecoder().decode((await shell.process.system.call("readFile", path)).slice());
  } catch (error) {
    const isMissing = errnoOf(error) === "ENOENT";
    return {
      message: `bash: ${name}: ${errnoWords(error)}\n`,
      status: isMissing ? NOT_FOUND : NOT_RUNNABLE,
    };
  }
}

/** Runs to the end: EXIT trap, what `>(…)` still writes. */
async function finish(shell: Shell, body: () => Promise<number>): Promise<number> {
  const status = await runInSubshell(shell, body);
  const { ending, lingering } = shell.process;
  const reason: unknown = ending.signal.reason;
  if (reason instanceof AbortReason) await dieOf(shell, reason.signal);
  await Promise.all(lingering);
  return status;
}

function isTerminal(system: System, fd: number): boolean {
  try {
    return system.callSync("terminalSize", fd) !== null;
  } catch {
    return false;
  }
}

async function say(system: System, fd: number, text: string, status: number): Promise<number> {
  await system.call("write", fd, new TextEncoder().encode(text), null);
  return status;
}
