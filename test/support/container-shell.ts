import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { OperationOutput } from "#protocol/registry.ts";
import { McpCaller } from "#scripts/disco/mcp-caller.ts";
import type { Ready } from "#scripts/disco/ready-line.ts";
import { top } from "#scripts/disco/top.ts";

type Ran = OperationOutput<"run_command">;

/** Seconds for a command that installs packages, compiles or starts a server. */
const LONG_COMMAND_S = 40;
/** Milliseconds for npm to ask its registry about one package. */
const REGISTRY_TIMEOUT_MS = 20_000;

/** A folder of the container, and commands that run in it. */
export class ContainerShell {
  readonly #caller: McpCaller;
  readonly #folder: string;

  private constructor(caller: McpCaller, folder: string) {
    this.#caller = caller;
    this.#folder = folder;
  }

  static async connect(ready: Ready): Promise<ContainerShell> {
    return new ContainerShell(await McpCaller.connect(ready, "Disco e2e"), ".");
  }

  /** A new and empty folder. */
  async emptyFolder(name: string): Promise<ContainerShell> {
    await this.run(`mkdir ${name}`);
    return new ContainerShell(this.#caller, name);
  }

  run(command: string, timeoutS = LONG_COMMAND_S, background = false): Promise<Ran> {
    const given = { command, cwd: this.#folder, timeout_s: timeoutS, background };
    return this.#caller.call("run_command", given);
  }

  stop(process: string): Promise<OperationOutput<"stop_process">> {
    return this.#caller.call("stop_process", { process_id: process });
  }

  async processes(): Promise<OperationOutput<"list_processes">["processes"]> {
    return (await this.#caller.call("list_processes", {})).processes;
  }

  /** @throws Error with the output of a command that ends with another exit code than 0 */
  async succeed(command: string): Promise<Ran> {
    const ran = await this.run(command);
    if (ran.exit_code === 0) return ran;
    throw new Error(`${command}: ${ran.status}, ${ran.exit_code}\n${ran.stdout}\n${ran.stderr}`);
  }

  async write(name: string, content: string): Promise<void> {
    await this.#caller.call("write_file", { path: `${this.#folder}/${name}`, content });
  }

  close(): Promise<void> {
    return this.#caller.close();
  }
}

/**
 * The container installs from the registry of this machine's npm.
 *
 * @throws Error that says so when that registry does not answer
 */
export async function expectRegistry(): Promise<void> {
  const options = { cwd: top, timeout: REGISTRY_TIMEOUT_MS };
  try {
    await promisify(execFile)("npm", ["view", "express", "version"], options);
  } catch (error) {
    const message = "These tests install packages, and npm cannot reach its registry here:";
    throw new Error(`${message} ${String(error)}`, { cause: error });
  }
}
