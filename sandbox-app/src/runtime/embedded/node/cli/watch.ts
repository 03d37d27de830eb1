import { resolvePath } from "../../kernel/path.ts";
import type { NodeContext } from "../context.ts";
import type { CommandLine } from "./parse-options.ts";

/** Milliseconds without another change before the restart, as Node waits. */
const QUIET_MS = 200;

interface Child {
  readonly exitCode: number | null;
  readonly signalCode: string | null;
  kill(signal: string): boolean;
  once(event: "exit", listener: (code: number | null) => void): void;
}

interface ChildProcessModule {
  readonly spawn: (file: string, args: readonly string[], options: object) => Child;
}

interface FileModule {
  readonly watch: (
    path: string,
    options: { recursive: boolean },
    listener: (event: string, name: string | null) => void,
  ) => unknown;
}

/** What a program may be made of. */
const SOURCE = /\.(?:[cm]?[jt]sx?|json|wasm|env)$/;
const FOREIGN = /(?:^|\/)(?:node_modules|\.[^/]+)\//;

/**
 * `--watch`: the program again after each change. Which files a program has read is not known here:
 * every source below the working directory counts, except packages and hidden folders.
 */
export function runWatch(
  context: NodeContext,
  command: CommandLine,
  paths: readonly string[],
): void {
  const { process, timers } = context;
  const watcher = new Watcher(context, command);
  watcher.start();
  let quiet: unknown = null;
  const changed = (): void => {
    timers.clearTimeout(quiet);
    quiet = timers.setTimeout(() => watcher.restart(), QUIET_MS);
  };
  const { watch } = context.builtin<FileModule>("fs");
  const isNamed = paths.length > 0;
  for (const path of isNamed ? paths : ["."]) {
    watch(resolvePath(process.cwd(), path), { recursive: true }, (_event, name) => {
      const file = name ?? "";
      if (isNamed || (SOURCE.test(file) && !FOREIGN.test(file))) changed();
    });
  }
  for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => watcher.leave(signal));
}

class Watcher {
  readonly #context: NodeContext;
  readonly #args: readonly string[];
  readonly #name: string;
  readonly #keepsOutput: boolean;
  #child: Child | null = null;

  constructor(context: NodeContext, { execArgv, args, action, watch }: CommandLine) {
    this.#context = context;
    const path = action.kind === "file" ? [action.path] : [];
    this.#args = [...withoutWatch(execArgv), ...path, ...args];
    this.#name = [...path, ...args].join(" ");
    this.#keepsOutput = watch?.preservesOutput === true;
  }

  start(): void {
    const { process } = this.#context;
    const { spawn } = this.#context.builtin<ChildProcessModule>("child_process");
    const child = spawn(process.execPath, this.#args, { stdio: "inherit", env: process.env });
    this.#child = child;
    child.once("exit", (code) => {
      if (this.#child !== child) return;
      this.#child = null;
      const how = code === 0 ? "Completed" : "Failed";
      this.#say(`${how} running '${this.#name}'. Waiting for file changes before restarting...`);
    });
  }

  restart(): void {
    this.#end("SIGTERM", () => {
      if (!this.#keepsOutput && "isTTY" in this.#context.process.stdout) {
        this.#context.process.stdout.write("\x1bc");
      }
      this.#say(`Restarting '${this.#name}'`);
      this.start();
    });
  }

  leave(signal: string): void {
    this.#end(signal, () => this.#context.process.exit(0));
  }

  #end(signal: string, then: () => void): void {
    const child = this.#child;
    this.#child = null;
    if (child === null) return then();
    child.once("exit", then);
    child.kill(signal);
  }

  #say(text: string): void {
    this.#context.process.stdout.write(`${text}\n`);
  }
}

/** The options of the program itself. */
function withoutWatch(execArgv: readonly string[]): string[] {
  return execArgv.filter(
    (arg, index) =>
      !arg.startsWith("--watch") &&
      !(execArgv[index - 1] === "--watch-path" && !arg.startsWith("-")),
  );
}
