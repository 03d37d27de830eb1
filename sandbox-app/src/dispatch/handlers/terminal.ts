import { DiscoError } from "#protocol/errors.ts";
import { processWaitMs } from "#protocol/process.ts";
import type { OperationInput, OperationOutput } from "#protocol/registry.ts";
import type { Runtime } from "../../runtime/runtime.ts";
import { CommandOutput } from "../command-output.ts";
import { followCommand } from "../commands/follow-command.ts";
import type { TabContext, TabHandlers } from "../context.ts";
import { withFileErrors } from "../file-errors.ts";
import { locateExisting } from "../paths.ts";

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
  const { runtime, commands } = context;
  const startedAt = performance.now();
  const process = await runtime.spawn("bash", ["-c", input.command], { cwd, env: input.env });
  const command = commands.add(process, input.command, context.client);
  const streams = { stdout: new CommandOutput(), stderr: new CommandOutput() };
  const stopListening = command.onText((stream, text) => {
    streams[stream].push(text);
    context.output(stream, text);
    context.progress(text);
  });
  if (input.stdin !== undefined) command.input.write(input.stdin);
  if (input.stdin !== undefined || !input.background) command.input.close();
  const waitMs = input.background ? 0 : processWaitMs(input.timeout_s);
  const standing = await followCommand(command, waitMs, context.signal);
  stopListening();
  const { stdout, stderr } = streams;
  const truncated = stdout.truncated || stderr.truncated;
  const isToBeRead = input.background || truncated || standing.status === "running";
  return {
    ...standing,
    stdout: stdout.text,
    stderr: stderr.text,
    duration_ms: Math.round(performance.now() - startedAt),
    process_id: isToBeRead ? command.start.id : null,
    cursor: command.log.end,
    truncated,
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
