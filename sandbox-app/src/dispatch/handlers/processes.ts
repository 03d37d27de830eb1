import { DiscoError } from "#protocol/errors.ts";
import { OUTPUT_MAX_CHARS } from "#protocol/limits.ts";
import { processWaitMs } from "#protocol/process.ts";
import type { OperationInput, OperationOutput } from "#protocol/registry.ts";
import { awaitNews } from "../commands/await-news.ts";
import { commandHistory } from "../commands/command-history.ts";
import type { Command } from "../commands/command.ts";
import { listCommands } from "../commands/list-commands.ts";
import { readLog } from "../commands/read-log.ts";
import { stopCommand } from "../commands/stop-command.ts";
import type { Unsubscribe } from "../../runtime/runtime.ts";
import type { TabContext, TabHandlers } from "../context.ts";
import { invalidArgument } from "../invalid-argument.ts";
import { PROGRESS_LOOK_CHARS } from "../progress.ts";

/** A server gets this long to close what it has open; the runtime itself kills after 2 s. */
const STOP_GRACE_MS = { polite: 2_500, kill: 2_000 };

/** Ended commands in a list: enough to see what happened last, and few enough to read. */
const ENDED_LISTED_MAX = 10;

/** ctrl-D: as the whole text, it ends the input. */
const END_OF_INPUT = "\u0004";

type Names = "read_output" | "send_input" | "stop_process" | "list_processes" | "list_commands";

export const processHandlers: Pick<TabHandlers, Names> = {
  read_output: read,
  send_input: send,
  stop_process: stop,
  list_processes: list,
  list_commands: (input, { commands }) =>
    Promise.resolve(commandHistory(commands.history(), input)),
};

async function read(
  input: OperationInput<"read_output">,
  { commands, signal, progress }: TabContext,
): Promise<OperationOutput<"read_output">> {
  const command = commands.get(input.process_id);
  const { cursor, tail, until } = input;
  const { end } = command.log;
  if (cursor !== undefined && tail !== undefined) {
    throw invalidArgument("tail", "wants no `cursor` beside it");
  }
  if (cursor !== undefined && cursor > end) {
    throw invalidArgument("cursor", `wants at most ${end}, where the output ends now`);
  }
  const ms = processWaitMs(input.wait_s);
  const stopTelling = tellOutput(command, progress);
  await awaitNews(command, { after: cursor ?? end, until, ms, signal });
  stopTelling();
  signal.throwIfAborted();
  const part = readLog(command.log, { cursor, tail, maxChars: input.max_chars });
  return { ...command.standing, ...part };
}

/** Whoever waits sees what the command wrote last, and what it writes meanwhile. */
function tellOutput(command: Command, progress: TabContext["progress"]): Unsubscribe {
  progress(command.log.slice(command.log.end - PROGRESS_LOOK_CHARS, command.log.end));
  return command.onText((_stream, text) => progress(text));
}

async function send(
  input: OperationInput<"send_input">,
  { commands, signal }: TabContext,
): Promise<OperationOutput<"send_input">> {
  const command = commands.get(input.process_id);
  const text = input.enter ? `${input.text}\n` : input.text;
  requireInput(command, text);
  // From here on the call has an effect; when it is cancelled later, it only waits no longer.
  signal.throwIfAborted();
  const after = command.log.end;
  if (input.text === END_OF_INPUT) command.input.close();
  else command.input.write(text);
  await awaitNews(command, { after, until: "output", ms: processWaitMs(input.wait_s), signal });
  const part = readLog(command.log, { cursor: after, maxChars: OUTPUT_MAX_CHARS });
  return { ...command.standing, ...part };
}

function requireInput({ start, end, input }: Command, text: string): void {
  if (end !== undefined) throw new DiscoError("input_closed", `${start.id} has ended.`);
  if (!input.isOpen) throw new DiscoError("input_closed", `The input of ${start.id} has ended.`);
  if (input.hasRoomFor(text.length)) return;
  throw new DiscoError("overloaded", `${start.id} does not read what was sent to it before.`);
}

async function stop(
  input: OperationInput<"stop_process">,
  { commands, signal }: TabContext,
): Promise<OperationOutput<"stop_process">> {
  const command = commands.get(input.process_id);
  signal.throwIfAborted();
  await stopCommand(command, `SIG${input.signal}`, STOP_GRACE_MS);
  return command.standing;
}

async function list(
  _input: OperationInput<"list_processes">,
  { commands, runtime }: TabContext,
): Promise<OperationOutput<"list_processes">> {
  const programs = await runtime.processes();
  const ended = commands.ended().slice(0, ENDED_LISTED_MAX);
  return { processes: listCommands(commands.running(), ended, programs) };
}
