import type { System } from "../kernel/system-calls.ts";
import { GitFailure } from "./cli/failure.ts";
import { Output } from "./cli/output.ts";
import { commandOf, refusalOf } from "./commands/table.ts";
import { GitContext } from "./repository/context.ts";
import { Disk } from "./repository/disk.ts";
import { absolute } from "./repository/repository.ts";

/** What `git --version` says: the version whose behaviour is the measure. */
const VERSION = "git version 2.39.5 (Disco)";

/**
 * The program `git`.
 *
 * @returns exit code
 */
export async function gitMain(system: System): Promise<number> {
  const output = new Output(system);
  try {
    return await run(system, output);
  } catch (error) {
    if (error instanceof GitFailure) {
      if (error.message !== "") output.error(error.message);
      return error.exitCode;
    }
    const { code } = error as { code?: unknown };
    const text = error instanceof Error && typeof code !== "string" ? error.stack : String(error);
    output.error(`fatal: ${text}`);
    return 128;
  } finally {
    await output.flush();
  }
}

interface Start {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly said: readonly string[];
  readonly words: readonly string[];
}

async function run(system: System, output: Output): Promise<number> {
  const { cwd, env, said, words } = readStart(system);
  const [name, ...args] = words;
  if (name === "--version" || name === "version" || name === "-v") {
    output.line(VERSION);
    return 0;
  }
  if (name === undefined || name === "help" || name === "--help" || name === "-h") {
    const { helpText } = await import("./commands/help.ts");
    output.line(helpText());
    return name === undefined ? 1 : 0;
  }
  const context = new GitContext({ system, disk: new Disk(system), output, cwd, env, said });
  const [command, words2] = findCommand(context, name, args);
  return command(context, words2);
}

/** A command of ours, or what an alias stands for. */
function findCommand(
  context: GitContext,
  name: string,
  args: readonly string[],
): [NonNullable<ReturnType<typeof commandOf>>, readonly string[]] {
  const command = commandOf(name);
  if (command !== null) return [command, args];
  const refusal = refusalOf(name);
  if (refusal !== null) throw new GitFailure(refusal, 128);
  const alias = aliasOf(context, name);
  const [first = "", ...rest] = alias?.trim().split(/\s+/) ?? [];
  const meant = commandOf(first);
  if (meant !== null) return [meant, [...rest, ...args]];
  if (alias?.startsWith("!") === true)
    throw new GitFailure(
      `fatal: alias '${name}' runs a shell command, which is not supported`,
      128,
    );
  throw new GitFailure(`git: '${name}' is not a git command. See 'git --help'.`, 1);
}

function aliasOf(context: GitContext, name: string): string | undefined {
  try {
    return context.repository.config.get(`alias.${name}`);
  } catch {
    return undefined;
  }
}

/** Options before the command's name. */
function readStart({ start }: System): Start {
  const words = start.argv.slice(1);
  const said: string[] = [];
  let { cwd } = start;
  const env: Record<string, string> = { ...start.env };
  for (;;) {
    const [word = "", value = ""] = words;
    if (word === "-C" || word === "-c") {
      if (word === "-C") cwd = absolute(cwd, value);
      else said.push(value);
      words.splice(0, 2);
    } else if (/^--(git-dir|work-tree)=/.test(word)) {
      const [, name, path = ""] = /^--([^=]*)=(.*)$/.exec(word) ?? [];
      env[name === "git-dir" ? "GIT_DIR" : "GIT_WORK_TREE"] = path;
      words.shift();
    } else if (word === "--literal-pathspecs") {
      env["GIT_LITERAL_PATHSPECS"] = "1";
      words.shift();
    } else if (word === "--no-optional-locks") {
      env["GIT_OPTIONAL_LOCKS"] = "0";
      words.shift();
    } else if (/^(-p|-P|--paginate|--no-pager)$/.test(word)) {
      words.shift();
    } else {
      return { cwd, env, said, words };
    }
  }
}
