import { Buffer } from "buffer/index.js";
import type { NodeContext } from "../../context.ts";
import { OpenFlag, type ChildStream, type WaitResult } from "../../../kernel/system-calls.ts";
import { codeOf } from "../errors/system-error.ts";
import { errnoOf } from "../errors/errno.ts";
import { toBytes } from "../fs/read-write.ts";
import { spawnError } from "./child-process.ts";
import { MAX_BUFFER } from "./exec-file.ts";
import type { SpawnPlan } from "./options.ts";
import { toSignal } from "./signals.ts";
import { stdioEntries, toChildStream } from "./stdio-plan.ts";

export interface SyncResult {
  pid: number;
  output: unknown[] | null;
  stdout: unknown;
  stderr: unknown;
  status: number | null;
  signal: string | null;
  error?: Error;
}

/** Milliseconds between two looks at a child that may be cut off; growing to the second figure. */
const FIRST_LOOK_MS = 1;
const LAST_LOOK_MS = 16;

/**
 * `spawnSync`. A blocked process cannot read two pipes at once, so the child writes into files without
 * a name, which never block it, and they are read when it has ended.
 */
export function spawnSync(node: NodeContext, plan: SpawnPlan): SyncResult {
  const { options } = plan;
  const entries = stdioEntries(options.stdio);
  const files = new Map<number, number>();
  try {
    const streams = entries.map((entry, index): ChildStream => {
      if (entry.kind !== "pipe") return toChildStream(entry);
      const fd = unnamedFile(node, index);
      files.set(index, fd);
      if (index === 0) fillInput(node, fd, options.input);
      return { from: "parent", fd };
    });
    return run(node, plan, streams, files);
  } finally {
    for (const fd of files.values()) node.system.callSync("close", fd);
  }
}

let nextName = 0;

function unnamedFile(node: NodeContext, index: number): number {
  const path = `/tmp/.spawn-${node.process.pid}-${nextName++}-${index}`;
  const flags =
    OpenFlag.RDWR | OpenFlag.CREAT | OpenFlag.EXCL | (index === 0 ? 0 : OpenFlag.APPEND);
  const fd = node.system.callSync("open", path, flags, 0o600);
  node.system.callSync("unlink", path);
  return fd;
}

function fillInput(node: NodeContext, fd: number, input: unknown): void {
  if (input === undefined || input === null) return;
  const bytes = toBytes(input, "utf8", "options.input");
  if (bytes.byteLength > 0) node.system.callSync("write", fd, bytes, 0);
}

function run(
  node: NodeContext,
  plan: SpawnPlan,
  streams: readonly ChildStream[],
  files: ReadonlyMap<number, number>,
): SyncResult {
  const { file, argv, cwd, env, options } = plan;
  let pid: number;
  try {
    ({ pid } = node.system.callSync("spawn", { file, argv, cwd, env, streams }));
  } catch (error) {
    const code = codeOf(error);
    const failed = spawnError(code, file, argv.slice(1));
    failed.message = `spawnSync ${file} ${code}`;
    Object.assign(failed, { syscall: `spawnSync ${file}` });
    return {
      error: failed,
      status: null,
      signal: null,
      output: null,
      pid: 0,
      stdout: null,
      stderr: null,
    };
  }
  const { result, cut } = waitFor(node, pid, plan, files);
  const output = streams.map((_stream, index) => {
    const fd = files.get(index);
    return index === 0 || fd === undefined ? null : contentOf(node, fd, options);
  });
  const ended: SyncResult = {
    pid,
    output,
    stdout: output[1] ?? null,
    stderr: output[2] ?? null,
    status: result.code,
    signal: result.signal,
  };
  if (cut === null) return ended;
  const error = Object.assign(new Error(`spawnSync ${file} ${cut}`), {
    errno: errnoOf(cut),
    code: cut,
    syscall: `spawnSync ${file}`,
    path: file,
    spawnargs: argv.slice(1),
  });
  return { error, ...ended };
}

function waitFor(
  node: NodeContext,
  pid: number,
  { options }: SpawnPlan,
  files: ReadonlyMap<number, number>,
): { result: WaitResult; cut: string | null } {
  const max = options.maxBuffer ?? MAX_BUFFER;
  const { timeout } = options;
  if (!Number.isFinite(max) && !timeout) {
    return { result: node.system.callSync("wait", pid) as WaitResult, cut: null };
  }
  const sleeper = new Int32Array(new SharedArrayBuffer(4));
  const start = node.natives.now();
  let cut: string | null = null;
  for (let pause = FIRST_LOOK_MS; ; pause = Math.min(LAST_LOOK_MS, pause * 1.5)) {
    const result = node.system.callSync("wait", pid, { poll: true });
    if (result !== null) return { result, cut };
    if (cut === null) {
      if (timeout && node.natives.now() - start > timeout) cut = "ETIMEDOUT";
      else if (outgrown(node, files, max)) cut = "ENOBUFS";
      if (cut !== null) node.system.callSync("kill", pid, toSignal(options.killSignal));
    }
    Atomics.wait(sleeper, 0, 0, pause);
  }
}

function outgrown(node: NodeContext, files: ReadonlyMap<number, number>, max: number): boolean {
  if (!Number.isFinite(max)) return false;
  return [...files].some(
    ([index, fd]) => index > 0 && node.system.callSync("fstat", fd).size > max,
  );
}

function contentOf(node: NodeContext, fd: number, options: SpawnPlan["options"]): unknown {
  const { size } = node.system.callSync("fstat", fd);
  const wanted = Math.min(size, options.maxBuffer ?? MAX_BUFFER);
  const bytes =
    wanted === 0
      ? Buffer.alloc(0)
      : Buffer.from(node.system.callSync("read", fd, wanted, 0).slice());
  const { encoding } = options;
  return encoding && encoding !== "buffer" ? bytes.toString(encoding) : bytes;
}
