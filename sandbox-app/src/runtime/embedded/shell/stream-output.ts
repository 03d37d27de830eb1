import type { Bash } from "just-bash/browser";
import { STREAMS } from "./devices.ts";

export type Script = ReturnType<Bash["transform"]>["ast"];
export type Statement = Script["statements"][number];
type Pipeline = Statement["pipelines"][number];
type Command = Pipeline["commands"][number];
type Redirection = Command["redirections"][number];

/**
 * Makes output stream. just-bash hands out what a script wrote when the script has ended, and by
 * then text and bytes are mixed. So each command whose output is the script's output gets
 * `>>stdout 2>>stderr` before its own redirections: just-bash then delivers the output of each
 * command as it ends, marked as text or bytes. Inside pipes, substitutions and functions nothing
 * changes; those deliver with the command that they belong to.
 */
export function streamOutput(statements: readonly Statement[]): Statement[] {
  return statements.map((statement) => ({
    ...statement,
    pipelines: statement.pipelines.map(streamPipeline),
  }));
}

function streamPipeline(pipeline: Pipeline): Pipeline {
  const last = pipeline.commands.length - 1;
  const commands = pipeline.commands.map((command, index) => {
    if (last === 0) return streamCommand(command);
    if (index === last) return redirect(command, [to(1), to(2)]);
    return pipeline.pipeStderr?.[index] === true ? command : redirect(command, [to(2)]);
  });
  return { ...pipeline, commands };
}

function streamCommand(command: Command): Command {
  switch (command.type) {
    case "SimpleCommand":
      if (command.name === null) return inGroup(command);
      return isExec(command) ? command : redirect(command, [to(1), to(2)]);
    case "ArithmeticCommand":
    case "ConditionalCommand":
      return redirect(command, [to(2)]);
    case "FunctionDef":
      return command;
    default:
      return command.redirections.every(isInput)
        ? streamBodies(command)
        : redirect(command, [to(1), to(2)]);
  }
}

type Block = Exclude<
  Command,
  { type: "SimpleCommand" | "FunctionDef" | "ArithmeticCommand" | "ConditionalCommand" }
>;

function streamBodies(block: Block): Command {
  switch (block.type) {
    case "If":
      return {
        ...block,
        clauses: block.clauses.map(({ condition, body }) => ({
          condition: streamOutput(condition),
          body: streamOutput(body),
        })),
        elseBody: block.elseBody && streamOutput(block.elseBody),
      };
    case "While":
    case "Until":
      return {
        ...block,
        condition: streamOutput(block.condition),
        body: streamOutput(block.body),
      };
    case "Case":
      return {
        ...block,
        items: block.items.map((item) => ({ ...item, body: streamOutput(item.body) })),
      };
    case "For":
    case "CStyleFor":
    case "Group":
    case "Subshell":
      return { ...block, body: streamOutput(block.body) };
  }
}

/** `x=$(failing)` loses its exit code when it is redirected itself; a group around it keeps it. */
function inGroup(command: Command): Command {
  const pipeline: Pipeline = { type: "Pipeline", commands: [command], negated: false };
  const body: Statement[] = [
    { type: "Statement", pipelines: [pipeline], operators: [], background: false },
  ];
  return { type: "Group", body, redirections: [to(2)] };
}

/** What `exec` redirects stays redirected, so it gets nothing of ours. */
function isExec({ name }: Extract<Command, { type: "SimpleCommand" }>): boolean {
  const [part] = name?.parts ?? [];
  return part?.type === "Literal" && part.value === "exec";
}

function isInput({ operator }: Redirection): boolean {
  return operator === "<" || operator.startsWith("<<");
}

function redirect(command: Command, added: Redirection[]): Command {
  return { ...command, redirections: [...added, ...command.redirections] };
}

function to(fd: 1 | 2): Redirection {
  const value = fd === 1 ? STREAMS.stdout : STREAMS.stderr;
  const target = { type: "Word" as const, parts: [{ type: "Literal" as const, value }] };
  return { type: "Redirection", fd, operator: ">>", target };
}
