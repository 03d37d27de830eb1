import { resolvePath } from "../kernel/path.ts";
import type { System } from "../kernel/system-calls.ts";
import { AsyncContext } from "./async-context/async-context.ts";
import { asyncHooksBuiltin } from "./async-context/async-hooks-builtin.ts";
import type { CommandLine } from "./cli/parse-options.ts";
import { BuiltinRegistry } from "./builtin-registry.ts";
import type { BuiltinModules, Natives, NodeContext } from "./context.ts";
import { NodeLoop } from "./loop/event-loop.ts";
import { timersBuiltin, timersPromises } from "./loop/timers-builtin.ts";
import { timerFunctions } from "./loop/timer-functions.ts";
import { Loader } from "./modules/loader.ts";
import { moduleBuiltin } from "./modules/module-builtin.ts";
import { systemModuleFiles } from "./modules/module-files.ts";
import {
  createProcess,
  type EmitterClass,
  EXEC_PATH,
  type GuestProcess,
} from "./process/create-process.ts";
import type { FirstLineShifts } from "./stack/guest-frame.ts";
import { Termination } from "./termination.ts";

export interface NodeParts {
  readonly system: System;
  readonly natives: Natives;
  readonly global: typeof globalThis;
  readonly builtins: BuiltinModules;
  readonly command: CommandLine;
  readonly shifts: FirstLineShifts;
}

/** One Node process, put together but not started. */
export interface NodeMachine {
  readonly context: NodeContext;
  readonly process: GuestProcess;
  readonly loop: NodeLoop;
  readonly loader: Loader;
  readonly termination: Termination;
}

export function createMachine(parts: NodeParts): NodeMachine {
  const { system, natives, global, command } = parts;
  const asyncContext = new AsyncContext();
  const loop = new NodeLoop(natives, asyncContext);
  const builtins = new BuiltinRegistry(parts.builtins, () => context);
  const timers = timerFunctions(loop, (message, name) => process.emitWarning(message, name));
  const loader: Loader = createLoader(parts, asyncContext, builtins, () => process.cwd());
  const context: NodeContext = {
    system,
    loop,
    modules: loader,
    natives,
    global,
    options: command.options,
    timers,
    thread: threadInfo(system),
    writeSync: (fd, text) => writeSync(system, fd, text),
    // oxlint-disable-next-line typescript/no-unnecessary-type-parameters
    builtin: <T>(name: string) => builtins.get(name) as T,
    fail: (error, origin) => termination.fail(error, origin),
    get process() {
      return process;
    },
  };
  const process: GuestProcess = createProcess({
    system,
    loop,
    natives,
    options: command.options,
    argv: [EXEC_PATH, ...command.args],
    execArgv: command.execArgv,
    EventEmitter: builtins.get("events") as EmitterClass,
    stdio: () => builtins.get("internal/stdio") as StandardStreams,
    write: (text) => writeSync(system, 2, text),
    exit: () => termination.exit(),
    reallyExit: (code) => termination.end(code),
    mainModule: () => loader.mainModule,
    builtin: builtins.get,
  });
  const termination = new Termination(context, process, loop);
  builtins.add("process", () => process);
  builtins.add("module", () => moduleBuiltin(loader));
  builtins.add("timers", () => timersBuiltin(timers));
  builtins.add("timers/promises", () => timersPromises(timers));
  builtins.add("async_hooks", () => asyncHooksBuiltin(asyncContext, global));
  return { context, process, loop, loader, termination };
}

interface StandardStreams {
  readonly stdin: unknown;
  readonly stdout: unknown;
  readonly stderr: unknown;
}

function createLoader(
  { system, global, command, shifts }: NodeParts,
  context: AsyncContext,
  builtins: BuiltinRegistry,
  cwd: () => string,
): Loader {
  const globalPaths = (system.start.env["NODE_PATH"] ?? "").split(":");
  return new Loader({
    files: systemModuleFiles(system),
    context,
    global,
    conditions: command.options.conditions,
    globalPaths: globalPaths
      .filter((path) => path !== "")
      .map((path) => resolvePath(system.start.cwd, path)),
    cwd,
    builtin: builtins.get,
    shifted: (file, columns) => shifts.set(file, columns),
  });
}

function writeSync(system: System, fd: 1 | 2, text: string): void {
  try {
    system.callSync("write", fd, new TextEncoder().encode(text), null);
  } catch {
    // Nobody can be told that nobody reads.
  }
}

function threadInfo(system: System): NodeContext["thread"] {
  const thread = system.start.env["DISCO_THREAD"];
  return { isMainThread: thread === undefined, threadId: Number(thread ?? 0) };
}
