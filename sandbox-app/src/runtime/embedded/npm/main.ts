import type { System } from "../kernel/system-calls.ts";
import { Config } from "./cli/config.ts";
import { commandName, commandOf } from "./cli/commands.ts";
import type { NpmContext } from "./cli/context.ts";
import { type CommandLine, parseCommandLine } from "./cli/options.ts";
import { Output } from "./cli/output.ts";
import { Disk } from "./install/disk.ts";
import { findProject } from "./install/project-files.ts";
import { NpmError } from "./model/npm-error.ts";
import { type Fetch, RegistryClient } from "./registry/client.ts";

export interface NpmOptions {
  /** The browser's own, whatever the guest has made of the global. */
  readonly fetch: Fetch;
  /** URL of the registry proxy, with its final slash. */
  readonly registry: string;
}

/** Commands that hand the words after their first one to somebody else. */
const HAND_ON: ReadonlySet<string> = new Set(["exec", "init"]);

/**
 * The programs `npm` and `npx`.
 *
 * @returns exit code
 */
export async function npmMain(system: System, options: NpmOptions): Promise<number> {
  const { argv, program } = system.start;
  const isNpx = baseName(argv[0] ?? program) === "npx";
  const args = isNpx ? ["exec", ...argv.slice(1)] : argv.slice(1);
  const first = parseCommandLine(args);
  const isSilent = first.flags.get("loglevel")?.at(-1) === "silent";
  const output = await Output.open(system, isSilent);
  try {
    return await runNpm(system, options, args, output);
  } catch (error) {
    return report(output, error);
  } finally {
    await output.flush();
  }
}

async function runNpm(
  system: System,
  options: NpmOptions,
  args: readonly string[],
  output: Output,
): Promise<number> {
  const { cwd, env } = system.start;
  const { line, name } = read(args, output);
  if (name === null) return 1;
  const disk = new Disk(system);
  const said = line.flags.get("prefix")?.at(-1);
  const project = said === undefined ? await findProject(disk, cwd) : absolute(cwd, said);
  const places = { env, project, registry: options.registry };
  const context: NpmContext = {
    system,
    disk,
    output,
    config: await Config.read(disk, line, places),
    registry: new RegistryClient(options.fetch, options.registry),
    cwd,
    env,
    project,
    command: name,
    words: line.words.slice(1),
    rest: line.rest,
  };
  return commandOf(name)(context);
}

/** Which command, and its words; flags behind a program's name are the program's. */
function read(args: readonly string[], output: Output): { line: CommandLine; name: string | null } {
  const line = parseCommandLine(args);
  const [word] = line.words;
  if (word === undefined) {
    return { line, name: line.flags.has("version") ? "version" : "help" };
  }
  if (line.flags.has("help")) return { line, name: "help" };
  const name = commandName(word);
  if (name === null) {
    output.result(
      `Unknown command: "${word}"\n\nTo see a list of supported npm commands, run:\n  npm help`,
    );
    return { line, name: null };
  }
  if (!HAND_ON.has(name)) return { line, name };
  // The two dashes end npm's own flags, and are no word of the program's.
  const handOn = (given: CommandLine): CommandLine => ({
    ...given,
    rest: withoutDashes(given.rest),
  });
  const usesPackage = parseCommandLine(args, 1).flags.has("call") || line.flags.has("call");
  return { line: usesPackage ? line : handOn(parseCommandLine(args, 2)), name };
}

function withoutDashes(words: readonly string[]): string[] {
  const dashes = words.indexOf("--");
  return words.filter((_word, at) => at !== dashes);
}

/** npm's form; a bug of ours shows its stack, since nobody else can tell what it was. */
function report(output: Output, error: unknown): number {
  if (error instanceof NpmError) {
    if (error.code !== "") output.error(`code ${error.code}`);
    for (const line of error.lines) output.error(line);
    return error.exitCode;
  }
  const { code } = error as { code?: unknown };
  if (typeof code === "string") output.error(`code ${code}`);
  const text =
    error instanceof Error ? (typeof code === "string" ? error.message : error.stack) : error;
  for (const line of String(text).split("\n")) output.error(line);
  return 1;
}

function absolute(cwd: string, path: string): string {
  return (path.startsWith("/") ? path : `${cwd}/${path}`).replace(/\/+$/, "");
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
