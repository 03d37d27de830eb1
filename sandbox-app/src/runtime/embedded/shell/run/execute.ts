import type { AndOr, CommandNode, Pipeline, PipelineNode, Redirection, Statement } from "unbash";
import { errnoWords } from "../redirect/error-words.ts";
import { withRedirects } from "../redirect/redirect.ts";
import { FileError } from "../../../runtime.ts";
import type { Shell } from "../state/shell.ts";
import { runCompound } from "./compound.ts";
import { startJob } from "./job.ts";
import { BROKEN_PIPE_STATUS, BrokenPipe, Exit, ShellError } from "./outcome.ts";
import { runPipeline } from "./pipeline.ts";
import { runSimple } from "./simple-command.ts";
import { runPending, runTrap } from "./trap.ts";

/** Runs statements one after another; the status is that of the last one. */
export async function runStatements(
  shell: Shell,
  statements: readonly Statement[],
): Promise<number> {
  let status = 0;
  for (const statement of statements) status = await runStatement(shell, statement);
  return status;
}

export async function runStatement(
  shell: Shell,
  { command, background, pos, end }: Statement,
): Promise<number> {
  await shell.process.pace(shell.signal);
  if (shell.isOn("noexec") && !shell.process.isInteractive) return 0;
  if (background === true) {
    const text = shell.source.slice({ pos, end }).replace(/\s*&$/, "");
    shell.status = await startJob(shell, command, text);
  } else {
    shell.status = await runNode(shell, command);
  }
  await runPending(shell);
  return shell.status;
}

/** Runs a command, pipeline or list, and sets `$?`. */
export async function runNode(shell: Shell, node: PipelineNode | AndOr): Promise<number> {
  if (node.type === "AndOr") return runAndOr(shell, node);
  if (node.type === "Pipeline") return runWholePipeline(shell, node);
  const status = await runCommandNode(shell, node);
  shell.pipeStatus = [status];
  return afterCommand(shell, status, isLeaf(node));
}

async function runAndOr(shell: Shell, { commands, operators }: AndOr): Promise<number> {
  let status = 0;
  for (const [index, command] of commands.entries()) {
    const operator = operators[index - 1];
    if (operator === "&&" && status !== 0) continue;
    if (operator === "||" && status === 0) continue;
    const isLast = index === commands.length - 1;
    status = isLast
      ? await runNode(shell, command)
      : await asCondition(shell, () => runNode(shell, command));
  }
  return status;
}

/** Runs what may fail without ending a shell under `set -e`. */
export async function asCondition(shell: Shell, body: () => Promise<number>): Promise<number> {
  shell.conditions++;
  try {
    return await body();
  } finally {
    shell.conditions--;
  }
}

async function runWholePipeline(shell: Shell, pipeline: Pipeline): Promise<number> {
  const isNegated = pipeline.prefixes.filter(({ type }) => type === "Negation").length % 2 === 1;
  if (isNegated) {
    const status = await asCondition(shell, () => runPipeline(shell, pipeline));
    shell.status = status === 0 ? 1 : 0;
    return shell.status;
  }
  return afterCommand(shell, await runPipeline(shell, pipeline), true);
}

/** `set -e` and the ERR trap: a failure that is no condition. */
async function afterCommand(shell: Shell, status: number, isChecked: boolean): Promise<number> {
  shell.status = status;
  if (status === 0 || !isChecked || shell.conditions > 0) return status;
  if (shell.traps.actions.has("ERR")) await runTrap(shell, "ERR");
  shell.status = status;
  if (shell.isOn("errexit")) throw new Exit(status);
  return status;
}

/** Commands that contain others have their failures seen to already. */
function isLeaf(node: CommandNode): boolean {
  if (node.type === "Redirected") return isLeaf(node.command);
  return ["Command", "Subshell", "TestCommand", "ArithmeticCommand"].includes(node.type);
}

async function runCommandNode(shell: Shell, node: CommandNode): Promise<number> {
  try {
    switch (node.type) {
      case "Command":
        return await runSimple(shell, node);
      case "Redirected":
        return await runRedirected(shell, node.command, node.redirects);
      default:
        return await runCompound(shell, node);
    }
  } catch (error) {
    return failure(shell, error);
  }
}

function runRedirected(
  shell: Shell,
  node: CommandNode,
  redirects: readonly Redirection[],
): Promise<number> {
  return withRedirects(shell, redirects, () => runCommandNode(shell, node));
}

/** Errors that end one command only. */
async function failure(shell: Shell, error: unknown): Promise<number> {
  if (error instanceof BrokenPipe) {
    // A shell that writes to a pipe which nobody reads dies, as by SIGPIPE; so does a stage of one.
    throw new Exit(BROKEN_PIPE_STATUS);
  }
  if (error instanceof ShellError && error.constructor === ShellError) {
    await shell.report(error.message);
    return error.status;
  }
  if (error instanceof FileError) {
    await shell.report(`${error.path}: ${errnoWords(error)}`);
    return 1;
  }
  throw error;
}
