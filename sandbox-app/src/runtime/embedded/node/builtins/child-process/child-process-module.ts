import type { NodeContext } from "../../context.ts";
import { callableClass } from "../callable-class.ts";
import { validateString } from "../errors/validate.ts";
import { type ChildProcess, createChildProcessClass } from "./child-process.ts";
import { createExecFile } from "./exec-file.ts";
import { planSpawn, type SpawnOptions, splitArguments } from "./options.ts";
import { spawnSync, type SyncResult } from "./spawn-sync.ts";

/** `node:child_process`: children are processes of the kernel. */
export function createChildProcess(node: NodeContext): unknown {
  const Child = createChildProcessClass(node);
  const spawn = (file: unknown, ...rest: unknown[]): ChildProcess => {
    const { args, options } = splitArguments(rest);
    return new Child()._start(planSpawn(node, file, args, options));
  };
  const sync = (file: unknown, ...rest: unknown[]): SyncResult => {
    const { args, options } = splitArguments(rest);
    return spawnSync(node, planSpawn(node, file, args, options));
  };
  return {
    ChildProcess: callableClass(Child),
    spawn,
    spawnSync: sync,
    ...createExecFile(node, spawn),
    ...syncForms(node, sync),
    fork: (path: unknown, ...rest: unknown[]) => fork(node, spawn, path, rest),
    _forkChild: (): undefined => undefined,
  };
}

interface ForkOptions extends SpawnOptions {
  readonly execPath?: string;
  readonly execArgv?: readonly string[];
  readonly silent?: boolean;
}

function fork(
  node: NodeContext,
  spawn: (file: string, args: readonly string[], options: SpawnOptions) => ChildProcess,
  path: unknown,
  rest: readonly unknown[],
): ChildProcess {
  const module = path instanceof URL ? path.pathname : path;
  validateString(module, "modulePath");
  const { args, options: given } = splitArguments(rest);
  const options: ForkOptions = given;
  const standard = options.silent === true ? "pipe" : "inherit";
  const stdio = Array.isArray(options.stdio)
    ? options.stdio
    : Array.from({ length: 3 }, () => options.stdio ?? standard);
  const withIpc = stdio.includes("ipc") ? stdio : [...stdio, "ipc"];
  const execArgv = options.execArgv ?? node.process.execArgv;
  return spawn(options.execPath ?? node.process.execPath, [...execArgv, module, ...args], {
    ...options,
    shell: false,
    stdio: withIpc,
  });
}

function syncForms(node: NodeContext, sync: (...args: unknown[]) => SyncResult) {
  const check = (result: SyncResult, command: string, inheritStderr: boolean): unknown => {
    if (inheritStderr && result.stderr !== null && (result.stderr as Uint8Array).length > 0) {
      node.process.stderr.write(result.stderr as Uint8Array);
    }
    const { error, status, signal, stderr } = result;
    if (error !== undefined) throw Object.assign(error, result, { error });
    if (status === 0) return result.stdout;
    const text = stderr === null ? "" : `\n${(stderr as Uint8Array | string).toString()}`;
    const failed = new Error(`Command failed: ${command}${text.trimEnd() === "" ? "" : text}`);
    throw Object.assign(failed, result, { status, signal });
  };
  return {
    execFileSync: (file: unknown, ...rest: unknown[]): unknown => {
      const { args, options } = splitArguments(rest);
      const result = sync(file, args, options);
      return check(result, [file as string, ...args].join(" "), options.stdio === undefined);
    },
    execSync: (command: unknown, options: SpawnOptions = {}): unknown => {
      const shell = typeof options.shell === "string" ? options.shell : true;
      const result = sync(command, { ...options, shell });
      return check(result, command as string, options.stdio === undefined);
    },
  };
}
