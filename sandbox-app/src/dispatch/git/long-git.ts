import { PROCESS_WAIT_MAX_MS } from "#protocol/limits.ts";
import { CommandOutput } from "../command-output.ts";
import { followCommand } from "../commands/follow-command.ts";
import type { TabContext } from "../context.ts";
import { gitEnvironment } from "./run-git.ts";

/** Milliseconds for what comes before and after the transfer: finding out where it begins and ended. */
const AROUND_MS = 3_000;

/** How a transfer stands when its call must answer. */
export type LongGit =
  | { readonly state: "running"; readonly processId: string }
  | {
      readonly state: "ended";
      readonly code: number | null;
      readonly stdout: string;
      readonly stderr: string;
    };

/**
 * Runs a git command that may take longer than a call: it is a command as `run_command` starts them,
 * with a process id, which goes on when the call is over. One that is cancelled is stopped.
 *
 * @throws DiscoError the signal's reason when it was cancelled
 * @throws FileError when it cannot start
 */
export async function runLongGit(
  context: TabContext,
  args: readonly string[],
  cwd: string,
): Promise<LongGit> {
  const { runtime, commands, client, signal } = context;
  signal.throwIfAborted();
  const process = await runtime.spawn("git", args, { cwd, env: gitEnvironment });
  const command = commands.add(process, ["git", ...args].join(" "), client);
  const streams = { stdout: new CommandOutput(), stderr: new CommandOutput() };
  const stopListening = command.onText((stream, text) => {
    streams[stream].push(text);
    context.output(stream, text);
    context.progress(text);
  });
  command.input.close();
  const { status, exit_code: code } = await followCommand(
    command,
    PROCESS_WAIT_MAX_MS - AROUND_MS,
    signal,
  );
  stopListening();
  if (status === "running") return { state: "running", processId: command.start.id };
  if (status === "killed") signal.throwIfAborted();
  return { state: "ended", code, stdout: streams.stdout.text, stderr: streams.stderr.text };
}

/** The whole repository is taken by one call at a time. */
export function repositoryLock(top: string): string {
  return `${top}/.git`;
}
