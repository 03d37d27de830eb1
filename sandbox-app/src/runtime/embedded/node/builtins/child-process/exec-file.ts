import { Buffer } from "buffer/index.js";
import type { NodeContext } from "../../context.ts";
import { nodeError } from "../errors/node-error.ts";
import { customPromisify } from "../util/promisify.ts";
import type { ChildProcess } from "./child-process.ts";
import { type SpawnOptions, splitArguments } from "./options.ts";

/** Node's default for `exec` and `execFile`, in bytes. */
export const MAX_BUFFER = 1024 * 1024;

type Done = (error: Error | null, stdout: unknown, stderr: unknown) => void;
type Spawn = (file: string, args: readonly string[], options: SpawnOptions) => ChildProcess;

interface Collected {
  readonly chunks: Uint8Array[];
  length: number;
}

function textOf({ chunks }: Collected, encoding: string | null | undefined): unknown {
  const bytes = Buffer.concat(chunks);
  if (encoding === null || encoding === "buffer") return bytes;
  return Buffer.isEncoding(encoding ?? "utf8") ? bytes.toString(encoding ?? "utf8") : bytes;
}

interface Run {
  readonly child: ChildProcess;
  readonly command: string;
  readonly options: SpawnOptions;
  readonly outputs: { readonly stdout: Collected; readonly stderr: Collected };
  failure: Error | null;
  timedOut: boolean;
}

function stop({ child, options }: Run): void {
  child.stdout?.destroy();
  child.stderr?.destroy();
  child.kill(options.killSignal);
}

/** Keeps what the child writes, up to the limit; more than that ends it. */
function collect(run: Run): void {
  const max = run.options.maxBuffer ?? MAX_BUFFER;
  const { encoding = "utf8" } = run.options;
  for (const name of ["stdout", "stderr"] as const) {
    // Who listens too gets text, as from Node.
    if (encoding !== null && Buffer.isEncoding(encoding)) run.child[name]?.setEncoding(encoding);
    run.child[name]?.on("data", (chunk: Uint8Array | string) => {
      const bytes = typeof chunk === "string" ? Buffer.from(chunk, encoding ?? "utf8") : chunk;
      const output = run.outputs[name];
      output.chunks.push(bytes.subarray(0, Math.max(0, max - output.length)));
      output.length += bytes.length;
      if (output.length <= max || run.failure !== null) return;
      run.failure = nodeError(
        "ERR_CHILD_PROCESS_STDIO_MAXBUFFER",
        `${name} maxBuffer length exceeded`,
        RangeError,
      );
      stop(run);
    });
  }
}

function tell(run: Run, code: number | null, signal: string | null, callback: Done): void {
  const stdout = textOf(run.outputs.stdout, run.options.encoding);
  const stderr = textOf(run.outputs.stderr, run.options.encoding);
  if (run.failure === null && code === 0 && signal === null) {
    callback(null, stdout, stderr);
    return;
  }
  const cmd = run.command;
  run.failure ??= Object.assign(new Error(`Command failed: ${cmd}\n${String(stderr)}`), {
    code: code !== null && code < 0 ? undefined : code,
    killed: run.child.killed || run.timedOut,
    signal,
  });
  callback(Object.assign(run.failure, { cmd }), stdout, stderr);
}

/** `execFile` and `exec`: spawn, collect what was written, call back at the end. */
export function createExecFile(node: NodeContext, spawn: Spawn) {
  const execFile = (file: string, ...rest: unknown[]): ChildProcess => {
    const callback = typeof rest.at(-1) === "function" ? (rest.pop() as Done) : null;
    const { args, options } = splitArguments(rest);
    const child = spawn(file, args, { ...options, timeout: 0, stdio: "pipe" });
    const run: Run = {
      child,
      command: [file, ...args].join(" "),
      options,
      outputs: { stdout: collected(), stderr: collected() },
      failure: null,
      timedOut: false,
    };
    collect(run);
    const timer = options.timeout
      ? node.timers.setTimeout(() => {
          run.timedOut = true;
          stop(run);
        }, options.timeout)
      : null;
    let finished = false;
    const finish = (code: number | null, signal: string | null) => {
      if (finished) return;
      finished = true;
      if (timer !== null) node.timers.clearTimeout(timer);
      if (callback !== null) tell(run, code, signal, callback);
    };
    child.on("close", finish);
    child.on("error", (error: Error) => {
      run.failure = error;
      child.stdout?.destroy();
      child.stderr?.destroy();
      finish(null, null);
    });
    return child;
  };
  const exec = (command: string, ...rest: unknown[]): ChildProcess => {
    const callback = rest.find((each) => typeof each === "function");
    const given = (typeof rest[0] === "object" && rest[0] !== null ? rest[0] : {}) as SpawnOptions;
    const options = { ...given, shell: typeof given.shell === "string" ? given.shell : true };
    return execFile(command, options, ...(callback === undefined ? [] : [callback]));
  };
  return { execFile: promising(execFile), exec: promising(exec) };
}

function collected(): Collected {
  return { chunks: [], length: 0 };
}

/** `util.promisify(exec)` resolves with both outputs, and its promise carries the child. */
function promising<T extends (...args: [string, ...unknown[]]) => ChildProcess>(start: T): T {
  const promised = (...args: [string, ...unknown[]]) => {
    const { promise, resolve, reject } = Promise.withResolvers<object>();
    const child = start(...args, (error: Error | null, stdout: unknown, stderr: unknown) => {
      if (error === null) resolve({ stdout, stderr });
      else reject(Object.assign(error, { stdout, stderr }));
    });
    return Object.assign(promise, { child });
  };
  return Object.defineProperty(start, customPromisify, { value: promised, enumerable: false });
}
