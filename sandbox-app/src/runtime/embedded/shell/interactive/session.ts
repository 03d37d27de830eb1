import { SignalNumber } from "../../kernel/system-calls.ts";
import { decodeKeys, type Key } from "../../terminal/keys.ts";
import { type Entered, Prompt } from "../../terminal/prompt.ts";
import { jobLine } from "../builtins/jobs.ts";
import { resolvePath } from "../../kernel/path.ts";
import { Exit, Leave } from "../run/outcome.ts";
import { AbortReason } from "../run/shell-process.ts";
import { runInSubshell, statusOf } from "../run/subshell.ts";
import type { Shell } from "../state/shell.ts";
import { isIncomplete } from "../syntax/fault.ts";
import { complete } from "./complete.ts";
import { EventNotFound, expandHistory } from "./history-expansion.ts";
import { loadHistory, rememberCommand } from "./history-file.ts";
import { promptText } from "./prompt-escapes.ts";

const CHUNK = 4_096;
const STANDARD_COLUMNS = 80;

/** A shell at a terminal: reads a command, runs it, and keeps its state until the person leaves. */
export async function runInteractive(shell: Shell): Promise<number> {
  const session = new Session(shell);
  await session.prepare();
  return runInSubshell(shell, () => session.run());
}

class Session {
  readonly #shell: Shell;
  readonly #decoder = new TextDecoder();
  readonly #typed: Key[] = [];
  readonly #prompt: Prompt;
  #rest = "";
  #hasRefused = false;
  #running: AbortController | null = null;

  constructor(shell: Shell) {
    this.#shell = shell;
    this.#prompt = new Prompt({
      write: (text) => void shell.complain(text),
      isIncomplete,
      columns: this.#columns(),
    });
  }

  async prepare(): Promise<void> {
    const shell = this.#shell;
    const { system } = shell.process;
    shell.options.shopt.add("expand_aliases");
    for (const name of ["emacs", "history", "histexpand", "monitor"]) shell.options.set.add(name);
    // SIGTERM keeps its default: closing the terminal must end the shell.
    system.callSync("signalAction", "SIGINT", "event");
    system.callSync("signalAction", "SIGTSTP", "event");
    system.onEvent((event) => {
      if (event.type === "resize") this.#prompt.resize(event.columns);
      else if (event.type === "signal" && event.signal === "SIGINT") this.#interrupt();
      else if (event.type === "signal" && event.signal === "SIGTSTP") this.#refuseStop();
    });
    await loadHistory(shell);
    await this.#startUp();
  }

  async run(): Promise<number> {
    const shell = this.#shell;
    for (;;) {
      await this.#tellJobs();
      const entered = await this.#read();
      if (entered.type === "end") return shell.status;
      const source = await this.#expanded(entered.source);
      if (source === null) continue;
      await rememberCommand(shell, source);
      await this.#runCommand(source);
    }
  }

  /** With earlier commands put in; null after a complaint. */
  async #expanded(source: string): Promise<string | null> {
    const shell = this.#shell;
    if (!shell.isOn("histexpand")) return source;
    try {
      const expanded = expandHistory(source, shell.process.history);
      if (expanded !== null) await shell.complain(`${expanded}\n`);
      return expanded ?? source;
    } catch (error) {
      if (!(error instanceof EventNotFound)) throw error;
      await shell.report(error.message);
      return null;
    }
  }

  async #startUp(): Promise<void> {
    const shell = this.#shell;
    const path = resolvePath(shell.variables.get("HOME") ?? "/", ".bashrc");
    try {
      const text = new TextDecoder().decode(
        (await shell.process.system.call("readFile", path)).slice(),
      );
      await statusOf(shell, () => shell.process.interpreter.text(shell, text, { file: path }));
    } catch {
      // Most homes have none.
    }
  }

  async #read(): Promise<Exclude<Entered, { type: "nothing" | "complete" }>> {
    const shell = this.#shell;
    const command = shell.variables.get("PROMPT_COMMAND");
    const { status } = shell;
    if (command !== undefined && command !== "") await this.#runCommand(command);
    shell.status = status;
    this.#mode("raw");
    this.#prompt.resize(this.#columns());
    const first = await promptText(shell, shell.variables.get("PS1") ?? "\\$ ");
    const next = await promptText(shell, shell.variables.get("PS2") ?? "> ");
    this.#prompt.show({ first, next, history: shell.process.history });
    for (;;) {
      const key = await this.#key();
      if (key === null) return { type: "end" };
      const entered = this.#prompt.press(key);
      if (entered.type === "complete") this.#complete(entered.before);
      else if (entered.type !== "nothing") {
        this.#mode("cooked");
        return entered;
      }
    }
  }

  #complete(before: string): void {
    const { insert, choices } = complete(this.#shell, before);
    if (insert !== "") this.#prompt.insert(insert);
    else this.#prompt.list(choices);
  }

  async #key(): Promise<Key | null> {
    while (this.#typed.length === 0) {
      const chunk = await this.#shell.descriptors.get(0)?.read(CHUNK);
      if (chunk === undefined || chunk.byteLength === 0) return null;
      const { keys, rest } = decodeKeys(
        this.#rest + this.#decoder.decode(chunk.slice(), { stream: true }),
      );
      this.#rest = rest;
      this.#typed.push(...keys);
    }
    return this.#typed.shift() ?? null;
  }

  async #runCommand(source: string): Promise<void> {
    const shell = this.#shell;
    const running = new AbortController();
    const outer = shell.signal;
    const descriptors = shell.descriptors;
    this.#running = running;
    shell.signal = running.signal;
    try {
      shell.status = await statusOf(shell, async () => {
        try {
          return await shell.process.interpreter.text(shell, source);
        } catch (error) {
          if (error instanceof Exit) throw new Leave(error.status);
          throw error;
        }
      });
    } catch (error) {
      if (error instanceof Leave) throw new Exit(error.status);
      throw error;
    } finally {
      this.#running = null;
      Object.assign(shell, { signal: outer, loops: 0, conditions: 0, frames: [] });
      if (running.signal.aborted) {
        shell.descriptors = descriptors;
        await shell.complain("\n");
      }
    }
  }

  #interrupt(): void {
    this.#typed.length = 0;
    this.#running?.abort(new AbortReason("SIGINT", SignalNumber.SIGINT));
  }

  /** Ctrl-Z: says once why nothing stops. */
  #refuseStop(): void {
    if (this.#running === null || this.#hasRefused) return;
    this.#hasRefused = true;
    void this.#shell.complain(
      "\nbash: a running command cannot be stopped in this container; Ctrl-C ends it, and & behind a command starts it in the background\n",
    );
  }

  async #tellJobs(): Promise<void> {
    for (const job of this.#shell.jobs.all()) {
      if (job.status === null) continue;
      await this.#shell.complain(jobLine(this.#shell, job));
      this.#shell.jobs.remove(job);
    }
  }

  #mode(mode: "raw" | "cooked"): void {
    try {
      this.#shell.process.system.callSync("terminalMode", 0, mode);
    } catch {
      // Input is no terminal (`bash -i < file`).
    }
  }

  #columns(): number {
    try {
      return this.#shell.process.system.callSync("terminalSize", 0)?.columns ?? STANDARD_COLUMNS;
    } catch {
      return STANDARD_COLUMNS;
    }
  }
}
