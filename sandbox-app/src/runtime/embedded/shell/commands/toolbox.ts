import {
  Bash,
  defineCommand,
  type ExecResult as Result,
  getCommandNames,
  type ResolvedCommandContext,
} from "just-bash/browser";
import type { System } from "../../kernel/system-calls.ts";
import type { Shell } from "../state/shell.ts";
import { KernelFiles } from "./kernel-files.ts";
import { shellLimits } from "./limits.ts";

export interface ToolResult {
  /** A byte string when `isBytes`. */
  readonly stdout: string;
  readonly isBytes: boolean;
  readonly stderr: string;
  readonly exitCode: number;
}

/**
 * just-bash's commands, one at a time. Each is shadowed by a command that hands its result over as
 * it is: on the way out of its interpreter text and bytes would be mixed.
 */
export class Toolbox {
  readonly #files: KernelFiles;
  readonly #bash: Bash;
  #result: Result | null = null;

  constructor(system: System) {
    this.#files = new KernelFiles(system);
    const shadows = getCommandNames().map((name) =>
      defineCommand(name, async (args, context) => this.#keep(await original(args, context))),
    );
    this.#bash = new Bash({
      fs: this.#files,
      executionLimits: shellLimits,
      customCommands: shadows,
      // It patches globals to keep guests in one thread apart; a worker per process does that better.
      defenseInDepth: false,
    });
  }

  async run(
    shell: Shell,
    name: string,
    args: readonly string[],
    input: string,
  ): Promise<ToolResult> {
    this.#files.shell = shell;
    this.#result = null;
    const result = await this.#bash.exec(`'${name}'`, {
      args: [...args],
      stdin: input,
      stdinKind: "bytes",
      cwd: shell.cwd,
      env: { ...shell.variables.environment(), PATH: "/usr/bin", PWD: shell.cwd },
      replaceEnv: true,
      rawScript: true,
      signal: shell.signal,
    });
    const kept: Result = this.#result ?? result;
    const isBytes = kept.stdoutKind === "bytes" || kept.stdoutEncoding === "binary";
    return { stdout: kept.stdout, isBytes, stderr: kept.stderr, exitCode: result.exitCode };
  }

  #keep(result: Result): Result {
    this.#result = result;
    return { stdout: "", stderr: "", exitCode: result.exitCode };
  }
}

async function original(args: string[], { origCommand }: ResolvedCommandContext): Promise<Result> {
  return origCommand === undefined ? { stdout: "", stderr: "", exitCode: 127 } : origCommand(args);
}
