import { DiscoError } from "#protocol/errors.ts";
import type { OperationInput, OperationOutput } from "#protocol/registry.ts";
import type { Process, ProcessExit, Runtime } from "../../runtime/runtime.ts";
import { CommandOutput } from "../command-output.ts";
import type { TabContext, TabHandlers } from "../context.ts";
import { withFileErrors } from "../file-errors.ts";
import { locateExisting } from "../paths.ts";

/** A program gets this long to end by itself after SIGTERM. */
const TERMINATE_GRACE_MS = 500;

/** After SIGKILL the rest of the output is waited for this long; below STOP_GRACE_MS together. */
const KILL_GRACE_MS = 1_000;

export const terminalHandlers: Pick<TabHandlers, "run_command"> = {
  run_command: (input, context) => withFileErrors(() => run(input, context)),
};

type Input = OperationInput<"run_command">;
type Output = OperationOutput<"run_command">;

async function run(input: Input, context: TabContext): Promise<Output> {
  const { runtime, signal } = context;
  const { real, relative } = await locateExisting(runtime, input.cwd);
  if ((await runtime.files.stat(real)).type !== "directory") {
    throw new DiscoError("not_a_directory", `${relative} is not a directory.`);
  }
  // From here on the call has an effect.
  signal.throwIfAborted();
  const ports = newPorts(runtime);
  try {
    const output = await runProgram(input, real, context);
    return { ...output, ports: ports.list() };
  } finally {
    ports.stop();
  }
}

async function runProgram(
  input: Input,
  cwd: string,
  context: TabContext,
): Promise<Omit<Output, "ports">> {
  const { runtime, signal } = context;
  const startedAt = performance.now();
  const process = await runtime.spawn("bash", ["-c", input.command], { cwd, env: input.env });
  const stdout = new CommandOutput();
  const stderr = new CommandOutput();
  void feed(process, input.stdin ?? "");
  const drained = Promise.all([
    drain(process.stdout, stdout, (text) => context.output("stdout", text)),
    process.stderr ? drain(process.stderr, stderr, (text) => context.output("stderr", text)) : null,
  ]);
  const end = await waitFor(process, drained, input.timeout_s * 1_000, signal);
  return {
    ...end,
    stdout: stdout.text,
    stderr: stderr.text,
    duration_ms: Math.round(performance.now() - startedAt),
    truncated: stdout.truncated || stderr.truncated,
  };
}

/** Ports that are opened from now on, and still open when asked. */
function newPorts(runtime: Runtime): { list(): number[]; stop(): void } {
  const opened = new Set<number>();
  let isReplay = true;
  const stop = runtime.onPort(({ type, port }) => {
    if (type === "closed") opened.delete(port);
    else if (!isReplay) opened.add(port);
  });
  isReplay = false;
  return { list: () => [...opened].toSorted((one, other) => one - other), stop };
}

/** Waits for the end, which the time-out or the signal brings about if the program does not. */
async function waitFor(
  process: Process,
  drained: Promise<unknown>,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<Pick<Output, "status" | "exit_code">> {
  let stoppedBy: "timed_out" | "killed" | undefined;
  const stopped = Promise.withResolvers<undefined>();
  const stop = (why: "timed_out" | "killed") => {
    if (stoppedBy) return;
    stoppedBy = why;
    process.kill("SIGTERM");
    stopped.resolve(undefined);
  };
  const timer = setTimeout(() => stop("timed_out"), timeoutMs);
  const onAbort = () => stop(isDeadline(signal) ? "timed_out" : "killed");
  signal.addEventListener("abort", onAbort, { once: true });
  if (signal.aborted) onAbort();
  const ended = process.exit.then(async (exit) => {
    await drained;
    return exit;
  });
  try {
    const exit = (await Promise.race([ended, stopped.promise])) ?? (await reap(process, ended));
    if (stoppedBy) return { status: stoppedBy, exit_code: null };
    // A signal of the program's own, or of somebody in its terminal.
    if (exit?.code === undefined || exit.code === null)
      return { status: "killed", exit_code: null };
    return { status: "exited", exit_code: exit.code };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", onAbort);
  }
}

/** After SIGTERM: a short time to end, then SIGKILL; undefined when even that brings no end. */
async function reap(
  process: Process,
  ended: Promise<ProcessExit>,
): Promise<ProcessExit | undefined> {
  const exit = await within(ended, TERMINATE_GRACE_MS);
  if (exit) return exit;
  process.kill("SIGKILL");
  return within(ended, KILL_GRACE_MS);
}

async function within<Value>(promise: Promise<Value>, ms: number): Promise<Value | undefined> {
  const { promise: late, resolve } = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => resolve(undefined), ms);
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

function isDeadline(signal: AbortSignal): boolean {
  return signal.reason instanceof DiscoError && signal.reason.code === "deadline_exceeded";
}

/** A program that does not read its input, or ends before, is no failure. */
async function feed(process: Process, text: string): Promise<void> {
  const writer = process.stdin.getWriter();
  try {
    if (text !== "") await writer.write(new TextEncoder().encode(text));
    await writer.close();
  } catch {
    // The pipe is closed: nobody wants the rest.
  }
}

/** Reads a stream to its end, however it ends. */
async function drain(
  stream: ReadableStream<Uint8Array>,
  output: CommandOutput,
  tell: (text: string) => void,
): Promise<void> {
  const reader = stream.getReader();
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      tell(output.push(part.value));
    }
  } catch {
    // The runtime cut the stream with the process; what came before counts.
  }
  tell(output.end());
}
