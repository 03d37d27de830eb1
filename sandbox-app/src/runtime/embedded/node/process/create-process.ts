import { resolvePath } from "../../kernel/path.ts";
import type { System } from "../../kernel/system-calls.ts";
import { invalidArgType, missingFeature } from "../builtins/errors/node-error.ts";
import type { Natives, NodeOptions, NodeProcess } from "../context.ts";
import type { NodeLoop } from "../loop/event-loop.ts";
import { createHrtime } from "./clock.ts";
import { createEnvironment } from "./environment.ts";
import { checkExitCode, type ExitValue } from "./exit.ts";
import { measurements } from "./measurements.ts";
import { followListeners, signalOf } from "./signals.ts";
import { features, NODE_VERSION, release, versions } from "./versions.ts";
import { warningMembers } from "./warning-members.ts";

export interface ProcessParts {
  readonly system: System;
  readonly loop: NodeLoop;
  readonly natives: Natives;
  readonly options: NodeOptions;
  readonly argv: readonly string[];
  readonly execArgv: readonly string[];
  readonly EventEmitter: EmitterClass;
  /** Streams of the builtins, made when first used. */
  stdio(): { stdin: unknown; stdout: unknown; stderr: unknown };
  write(text: string): void;
  /** Ends the process; runs the `exit` handlers first. */
  exit(): never;
  reallyExit(code: number): never;
  mainModule(): unknown;
  builtin(name: string): unknown;
}

interface Emitter {
  on(event: string | symbol, listener: (...args: never[]) => void): unknown;
  emit(event: string | symbol, ...args: unknown[]): boolean;
  listenerCount(event: string | symbol): number;
}
export type EmitterClass = (new () => Emitter) & { readonly prototype: object };

export const EXEC_PATH = "/usr/bin/node";

/** What `process` holds beyond what builtins use. */
export type GuestProcess = NodeProcess & {
  _exiting: boolean;
  _exceptionCallback: ((error: unknown) => void) | null;
};

/** Makes the guest's `process` object (Node, process.md). */
export function createProcess(parts: ProcessParts): GuestProcess {
  const { EventEmitter, system } = parts;
  const prototype = Object.create(EventEmitter.prototype, {
    constructor: { value: function process() {}, writable: true, configurable: true },
    [Symbol.toStringTag]: { value: "process", configurable: true },
  }) as object;
  const process = Object.create(prototype) as GuestProcess;
  Reflect.apply(initEmitter, process, [EventEmitter]);
  const define = (members: object): void => {
    Object.defineProperties(process, Object.getOwnPropertyDescriptors(members));
  };
  define(identity(parts));
  define(exitMembers(parts, process));
  define(directoryMembers(system));
  define(measurements(parts.natives));
  define(standardStreams(parts));
  define(warningMembers(parts, process));
  define(actions(parts, process));
  define(refusals(process));
  watchSignals(parts, process);
  return process;
}

function initEmitter(this: object, EventEmitter: EmitterClass): void {
  const init = (EventEmitter as unknown as { init?: (this: object) => void }).init;
  if (init === undefined) Object.assign(this, new EventEmitter());
  else init.call(this);
}

function identity({ system, argv, execArgv, natives }: ProcessParts): object {
  const { start } = system;
  return {
    version: NODE_VERSION,
    versions: { ...versions },
    arch: "x64",
    platform: "linux",
    release: { ...release },
    features: { ...features },
    title: "node",
    argv: [...argv],
    argv0: start.argv[0] ?? "node",
    execPath: EXEC_PATH,
    execArgv: [...execArgv],
    env: createEnvironment(start.env),
    pid: start.pid,
    ppid: start.parent,
    debugPort: 9229,
    config: { target_defaults: {}, variables: { napi_build_version: "10" } },
    report: { compact: false, excludeNetwork: true, directory: "", filename: "" },
    allowedNodeEnvironmentFlags: new Set<string>(),
    hrtime: createHrtime(natives),
    sourceMapsEnabled: false,
  };
}

function exitMembers(parts: ProcessParts, process: GuestProcess): object {
  let exitCode: ExitValue;
  return {
    _exiting: false,
    get exitCode() {
      return exitCode;
    },
    set exitCode(value: ExitValue) {
      exitCode = checkExitCode(value, "code");
    },
    exit(code?: ExitValue): never {
      if (code !== undefined && code !== null) process.exitCode = checkExitCode(code, "code");
      return parts.exit();
    },
    reallyExit: (code: number) => parts.reallyExit(code),
    abort: () => {
      parts.system.callSync("kill", parts.system.start.pid, "SIGKILL");
    },
  };
}

function directoryMembers(system: System): object {
  let cwd = system.start.cwd;
  let mask = 0o022;
  return {
    cwd: () => cwd,
    chdir(directory: unknown) {
      if (typeof directory !== "string")
        throw invalidArgType("directory", "of type string", directory);
      const path = resolvePath(cwd, directory);
      const words: Record<string, string> = {
        ENOENT: "no such file or directory",
        ENOTDIR: "not a directory",
      };
      const refuse = (code: string): never => {
        const message = `${code}: ${words[code] ?? "failed"}, chdir '${cwd}' -> '${directory}'`;
        const fields = { code, syscall: "chdir", path: cwd, dest: directory };
        throw Object.assign(new Error(message), fields);
      };
      let real = path;
      try {
        real = system.callSync("realpath", path);
      } catch (error) {
        refuse((error as { code?: string }).code ?? "ENOENT");
      }
      if (system.callSync("stat", real).type !== "directory") refuse("ENOTDIR");
      cwd = real;
    },
    umask(next?: number | string) {
      const before = mask;
      if (next !== undefined) mask = Number(typeof next === "string" ? `0o${next}` : next) & 0o777;
      return before;
    },
    getuid: () => 1000,
    geteuid: () => 1000,
    getgid: () => 1000,
    getegid: () => 1000,
    getgroups: () => [1000],
  };
}

function standardStreams(parts: ProcessParts): object {
  const replaced: Record<string, unknown> = {};
  const stream = (name: "stdin" | "stdout" | "stderr"): PropertyDescriptor => ({
    get: () => (name in replaced ? replaced[name] : parts.stdio()[name]),
    // Test tools put streams of their own here.
    set: (value: unknown) => {
      replaced[name] = value;
    },
    enumerable: true,
    configurable: true,
  });
  return Object.defineProperties(
    {},
    { stdin: stream("stdin"), stdout: stream("stdout"), stderr: stream("stderr") },
  );
}

function actions(parts: ProcessParts, process: GuestProcess): object {
  const { loop, system } = parts;
  return {
    nextTick(callback: unknown, ...args: unknown[]) {
      if (typeof callback !== "function") {
        throw invalidArgType("callback", "of type function", callback);
      }
      if (!process._exiting) loop.nextTick(callback as () => void, ...args);
    },
    kill(pid: unknown, signal?: unknown) {
      if (typeof pid !== "number") throw invalidArgType("pid", "of type number", pid);
      const name = signalOf(signal);
      try {
        system.callSync("kill", pid, name);
      } catch (error) {
        const code = (error as { code?: string }).code ?? "ESRCH";
        throw Object.assign(new Error(`kill ${code}`), { errno: -3, code, syscall: "kill" });
      }
      return true;
    },
    _kill: (pid: number, signal: number) => system.callSync("kill", pid, signalOf(signal)),
    getActiveResourcesInfo: () => [...loop.activeHolds],
    _getActiveHandles: () => [],
    _getActiveRequests: () => [],
    _tickCallback: () => undefined,
    _exceptionCallback: null,
    setUncaughtExceptionCaptureCallback(callback: ((error: unknown) => void) | null) {
      process._exceptionCallback = callback;
    },
    hasUncaughtExceptionCaptureCallback: () => process._exceptionCallback !== null,
    setSourceMapsEnabled: () => undefined,
    ref: (thing: { ref?: () => void } | null) => thing?.ref?.(),
    unref: (thing: { unref?: () => void } | null) => thing?.unref?.(),
    getBuiltinModule: (id: string) => {
      try {
        return parts.builtin(id.replace(/^node:/, ""));
      } catch {
        return undefined;
      }
    },
    loadEnvFile(path = ".env") {
      const bytes = system.callSync("readFile", resolvePath(process.cwd(), path));
      const { parseEnv } = parts.builtin("util") as {
        readonly parseEnv: (text: string) => Record<string, string>;
      };
      for (const [name, value] of Object.entries(parseEnv(new TextDecoder().decode(bytes)))) {
        process.env[name] ??= value;
      }
    },
    get mainModule() {
      return parts.mainModule();
    },
  };
}

/** What a tab does not have fails with its name. */
function refusals(process: GuestProcess): object {
  return {
    binding(name: string): never {
      throw Object.assign(new Error(`No such module: ${name}`), { code: "ERR_INVALID_MODULE" });
    },
    dlopen(): never {
      throw missingFeature(
        "process.dlopen",
        "Native addons cannot be loaded; use a WebAssembly build.",
      );
    },
    initgroups: () => refuseUser("process.initgroups"),
    setuid: () => refuseUser("process.setuid"),
    setgid: () => refuseUser("process.setgid"),
    setgroups: () => refuseUser("process.setgroups"),
    seteuid: () => refuseUser("process.seteuid"),
    setegid: () => refuseUser("process.setegid"),
    assert(condition: unknown, message = "assertion error") {
      if (!condition) throw new Error(message);
    },
    permission: { has: () => true },
    finalization: {
      register: () => undefined,
      registerBeforeExit: () => undefined,
      unregister: () => undefined,
    },
    domain: null,
    openStdin: () => process.stdin,
  };
}

function refuseUser(name: string): never {
  throw Object.assign(new Error(`${name}: EPERM, Operation not permitted`), { code: "EPERM" });
}

/** Signals become events, and cost their default action while somebody listens. */
function watchSignals({ system, loop }: ProcessParts, process: GuestProcess): void {
  const follow = followListeners(system, (signal) => process.listenerCount(signal));
  process.on("newListener", (event: unknown) => follow.added(event));
  process.on("removeListener", (event: unknown) => follow.removed(event));
  system.onEvent((event) => {
    if (event.type === "signal") {
      loop.enter(() => void process.emit(event.signal, event.signal, 0));
    }
  });
}
