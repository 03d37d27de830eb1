import type { CommandNode, Pipeline } from "unbash";
import { Handle } from "../redirect/descriptors.ts";
import { KernelFile } from "../redirect/open-file.ts";
import type { Shell } from "../state/shell.ts";
import { runInSubshell } from "./subshell.ts";
import { timed } from "./time.ts";

/** Runs a pipeline, its stages at the same time; `PIPESTATUS` gets the status of each. */
export async function runPipeline(shell: Shell, pipeline: Pipeline): Promise<number> {
  const isTimed = pipeline.prefixes.find(({ type }) => type === "Time");
  const run = (): Promise<number> => runStages(shell, pipeline);
  if (isTimed === undefined) return run();
  return timed(shell, isTimed.type === "Time" && isTimed.posix !== undefined, run);
}

async function runStages(shell: Shell, pipeline: Pipeline): Promise<number> {
  const [only, ...others] = pipeline.commands;
  if (only === undefined) return 0;
  if (others.length === 0) return shell.process.interpreter.node(shell, only);
  const statuses = await Promise.all(startStages(shell, pipeline));
  shell.pipeStatus = statuses;
  if (shell.isOn("pipefail")) return statuses.findLast((status) => status !== 0) ?? 0;
  return statuses.at(-1) ?? 0;
}

function startStages(shell: Shell, { commands, operators }: Pipeline): Promise<number>[] {
  const last = commands.length - 1;
  const runsLastHere = shell.options.shopt.has("lastpipe") && !shell.process.isInteractive;
  let input: Handle | null = null;
  return commands.map((command, index) => {
    const next = index < last ? makePipe(shell) : null;
    const mergesErrors = operators[index] === "|&";
    const stage: Stage = { command, input, output: next?.writer ?? null, mergesErrors };
    const start = index === last && runsLastHere ? runHere : startStage;
    const running = start(shell, stage);
    // The stage holds its ends now; an end that the shell kept open would never let the pipe end.
    input?.release();
    next?.writer.release();
    input = next?.reader ?? null;
    return running;
  });
}

interface Stage {
  readonly command: CommandNode;
  readonly input: Handle | null;
  readonly output: Handle | null;
  /** `|&`: errors go into the pipe too. */
  readonly mergesErrors: boolean;
}

function startStage(shell: Shell, stage: Stage): Promise<number> {
  const child = shell.subshell();
  connect(child, stage);
  return runInSubshell(child, () => child.process.interpreter.node(child, stage.command));
}

async function runHere(shell: Shell, stage: Stage): Promise<number> {
  const before = shell.descriptors;
  shell.descriptors = before.copy();
  connect(shell, stage);
  try {
    return await shell.process.interpreter.node(shell, stage.command);
  } finally {
    shell.descriptors.closeAll();
    shell.descriptors = before;
  }
}

function connect({ descriptors }: Shell, { input, output, mergesErrors }: Stage): void {
  if (input !== null) descriptors.set(0, input);
  if (output !== null) descriptors.set(1, output);
  if (output !== null && mergesErrors) descriptors.set(2, output);
}

/** A pipe of the kernel, both ends held once. */
export function makePipe({ process: { system } }: Shell): { reader: Handle; writer: Handle } {
  const { readEnd, writeEnd } = system.callSync("pipe");
  return {
    reader: new Handle(new KernelFile(system, readEnd)).hold(),
    writer: new Handle(new KernelFile(system, writeEnd)).hold(),
  };
}
