import { resolvePath } from "../kernel/path.ts";
import type { System } from "../kernel/system-calls.ts";
import { AsyncContext } from "./async-context/async-context.ts";
import { asyncHooksBuiltin } from "./async-context/async-hooks-builtin.ts";
import type { CommandLine } from "./cli/parse-options.ts";
import type { BuiltinFactory, BuiltinModules, Natives, NodeContext } from "./context.ts";
import { NodeLoop } from "./loop/event-loop.ts";
import { timersBuiltin, timersPromises } from "./loop/timers-builtin.ts";
import { timerFunctions } from "./loop/timer-functions.ts";
import { Loader } from "./modules/loader.ts";
import { moduleBuiltin } from "./modules/module-builtin.ts";
import { unknownBuiltin } from "./modules/module-errors.ts";
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
  const { system, natives, global, command, shifts } = parts;
  const asyncContext = new AsyncContext();
  const loop = new NodeLoop(natives, asyncContext);
  const own = ownBuiltins();
  const made = new Map<string, unknown>();
  const builtin = (name: string): unknown => {
    if (made.has(name)) return made.get(name);
    const factory = own.get(name) ?? parts.builtins[name] ?? parts.builtins[`node:${name}`];
    if (factory === undefined) throw unknownBuiltin(name);
    const exports = factory(context);
    made.set(name, exports);
    return exports;
  };
  const timers = timerFunctions(loop, (message, name) => process.emitWarning(message, name));
  const writeSync = (fd: 1 | 2, text: string): void => {
    try {
      system.callSync("write", fd, new TextEncoder().encode(text), null);
    } catch {
      // Nobody can be told that nobody reads.
    }
  };
  const loader: Loader = new Loader({
    files: systemModuleFiles(system),
    context: asyncContext,
    conditions: command.options.conditions,
    globalPaths: (system.start.env["NODE_PATH"] ?? "")
      .split(":")
      .filter((path) => path !== "")
      .map((path) => resolvePath(system.start.cwd, path)),
    cwd: () => process.cwd(),
    builtin,
    shifted: (file, columns) => shifts.set(file, columns),
  });
  const context: NodeContext = {
    system,
    loop,
    modules: loader,
    natives,
    global,
    options: command.options,
    timers,
    thread: threadInfo(system),
    writeSync,
    // oxlint-disable-next-line typescript/no-unnecessary-type-parameters
    builtin: <T>(name: string) => builtin(name) as T,
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
    EventEmitter: builtin("events") as EmitterClass,
    stdio: () => builtin("internal/stdio") as { stdin: unknown; stdout: unknown; stderr: unknown },
    write: (text) => writeSync(2, text),
    exit: () => termination.exit(),
    reallyExit: (code) => termination.end(code),
    mainModule: () => loader.mainModule,
    builtin,
  });
  const termination = new Termination(context, process, loop);
  own.set("process", () => process);
  own.set("module", () => moduleBuiltin(loader));
  own.set("timers", () => timersBuiltin(timers));
  own.set("timers/promises", () => timersPromises(timers));
  own.set("async_hooks", () => asyncHooksBuiltin(asyncContext, global));
  return { context, process, loop, loader, termination };
}

function ownBuiltins(): Map<string, BuiltinFactory> {
  return new Map();
}

function threadInfo(system: System): NodeContext["thread"] {
  const thread = system.start.env["DISCO_THREAD"];
  return { isMainThread: thread === undefined, threadId: Number(thread ?? 0) };
}
