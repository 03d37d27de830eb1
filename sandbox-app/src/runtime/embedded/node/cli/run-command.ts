import { resolvePath } from "../../kernel/path.ts";
import type { NodeMachine } from "../create-context.ts";
import { compileCommonJs } from "../modules/commonjs-code.ts";
import { explainSyntax } from "../fatal/syntax-place.ts";
import { isModuleSource, prepareScript } from "../modules/source-code.ts";
import { NODE_VERSION } from "../process/versions.ts";
import { runPackageScript } from "./package-script.ts";
import { runRepl } from "./repl.ts";
import type { CommandLine } from "./parse-options.ts";
import { readStandardInput, runScript } from "./run-script.ts";
import { loadEnvironmentFiles } from "./environment-files.ts";
import { runWatch } from "./watch.ts";

/** Seam to the test runner of the builtins. */
interface TestRunner {
  /** Finds and runs test files; sets `process.exitCode`. */
  runFromCommandLine(patterns: readonly string[]): Promise<void>;
}

/** Who asks for what `--require` and `--import` name: a file that is not there, in the working directory. */
const PRELOAD = "[preload]";

const usage =
  "Usage: node [options] [ script.js ] [arguments]\n       node [options] -e <script> [arguments]\n\n" +
  "Options: -e, -p, -c, -r, -i, -v, --import, --conditions, --input-type, --env-file, --test\n";

/**
 * Does what the command line says. What a program throws at once is thrown here; the promise is of a
 * program that goes on asynchronously, as modules do.
 */
export function runCommand(machine: NodeMachine, command: CommandLine): Promise<unknown> | null {
  const { context, loader } = machine;
  const { action } = command;
  if (action.kind === "version" || action.kind === "help") {
    context.writeSync(1, action.kind === "version" ? `${NODE_VERSION}\n` : usage);
    return null;
  }
  if (command.watch !== null) {
    runWatch(context, command, command.watch.paths);
    return null;
  }
  loadEnvironmentFiles(machine, command.envFiles);
  const preloads = loader.requireFrom(resolvePath(context.process.cwd(), PRELOAD));
  for (const id of command.require) preloads(id);
  return command.import.length === 0 ? runAction(machine, command) : importFirst(machine, command);
}

async function importFirst(machine: NodeMachine, command: CommandLine): Promise<void> {
  const parent = resolvePath(machine.context.process.cwd(), PRELOAD);
  for (const specifier of command.import) await machine.loader.import(specifier, parent);
  await runAction(machine, command);
}

function runAction(machine: NodeMachine, command: CommandLine): Promise<unknown> | null {
  const { context, loader } = machine;
  const { action } = command;
  switch (action.kind) {
    case "file":
      context.process.argv.splice(1, 0, resolvePath(context.process.cwd(), action.path));
      return loader.startMain(action.path);
    case "check":
      checkSyntax(machine, action.path);
      return null;
    case "eval":
      if (!context.thread.isMainThread) context.process.argv.splice(1, 0, "[worker eval]");
      return runScript(machine, command.inputType, { ...action, name: "[eval]" });
    case "stdin":
      return runStandardInput(machine, command);
    case "test":
      return context.builtin<TestRunner>("internal/test").runFromCommandLine(command.args);
    case "repl":
      return runRepl(machine);
    case "run":
      runPackageScript(context, action.script, command.args);
      return null;
    case "version":
    case "help":
      return null;
  }
}

async function runStandardInput(machine: NodeMachine, command: CommandLine): Promise<void> {
  const source = await readStandardInput(machine.context);
  machine.context.process.argv.splice(1, 0, "-");
  // In a turn of its own, so that what it throws is thrown before its ticks.
  const ran = Promise.withResolvers<unknown>();
  machine.loop.enter(() => {
    ran.resolve(runScript(machine, command.inputType, { source, print: false, name: "[stdin]" }));
  });
  await ran.promise;
}

/** `--check`: compiles and runs nothing. */
function checkSyntax({ context }: NodeMachine, path: string): void {
  const file = resolvePath(context.process.cwd(), path);
  const source = new TextDecoder().decode(context.system.callSync("readFile", file));
  if (file.endsWith(".mjs") || isModuleSource(source)) return;
  try {
    compileCommonJs(prepareScript(source), file, {
      import: () => Promise.reject(new Error("nothing runs")),
      context: { resume: () => undefined, capture: () => undefined } as never,
      shifted: () => undefined,
    });
  } catch (error) {
    throw explainSyntax(error, file, source);
  }
}
