import type { CallToolResult } from "@modelcontextprotocol/server";
import { type DiscoError, describeError } from "#protocol/errors.ts";
import type { OperationOutput } from "#protocol/registry.ts";

/** Where a program finds the error of a failed call; the text is for the model. */
const ERROR_META_KEY = "disco/error";

/** An output as a tool result: the data for programs, and a text that reads well for models. */
export function resultOf(operation: string, output: Record<string, unknown>): CallToolResult {
  return {
    content: [{ type: "text", text: textOf(operation, output) }],
    structuredContent: output,
  };
}

/** A failure of the domain: the model reads what happened and what to do next. */
export function errorResultOf(error: DiscoError): CallToolResult {
  const body = error.toBody();
  const { retryable, next, status } = error.kind;
  return {
    isError: true,
    content: [{ type: "text", text: describeError(body) }],
    _meta: { [ERROR_META_KEY]: { ...body, retryable, next, status } },
  };
}

function textOf(operation: string, output: Record<string, unknown>): string {
  switch (operation) {
    case "read_file":
      return readFileText(output as OperationOutput<"read_file">);
    case "run_command":
      return commandText(output as OperationOutput<"run_command">);
    case "list_files":
      return listText(output as OperationOutput<"list_files">);
    default:
      return JSON.stringify(output, null, 2);
  }
}

/** Numbered as by `cat -n`, so that the model can name lines. */
function readFileText(output: OperationOutput<"read_file">): string {
  if (output.encoding === "base64") return output.text;
  if (output.total_lines === 0) return `${output.path} is empty.`;
  if (output.start === 0)
    return `${output.path} has ${output.total_lines} lines; none in this range.`;
  const numbered = output.text
    .replace(/\n$/, "")
    .split("\n")
    .map((line, index) => `${String(output.start + index).padStart(6)}\t${line}`)
    .join("\n");
  const range = `Lines ${output.start}-${output.end} of ${output.total_lines}.`;
  const more = output.next_offset === null ? "" : ` Continue with offset ${output.next_offset}.`;
  const cut = output.cut_lines === 0 ? "" : ` ${output.cut_lines} long lines were cut.`;
  return `${numbered}\n\n${range}${more}${cut}`;
}

function commandText(output: OperationOutput<"run_command">): string {
  const seconds = (output.duration_ms / 1_000).toFixed(1);
  const ended = {
    exited: `exit ${output.exit_code}, ${seconds} s`,
    timed_out: `killed after ${seconds} s: it ran longer than timeout_s`,
    killed: `killed after ${seconds} s`,
  }[output.status];
  const { ports } = output;
  const listening = `Now listening: ${ports.join(", ")}. container_status has the URLs.`;
  if (output.stdout === "" && output.stderr === "") {
    const verb = output.status === "exited" && output.exit_code === 0 ? "succeeded" : "ended";
    const words = `The command ${verb} with no output (${ended}).`;
    return ports.length === 0 ? words : `${words}\n${listening}`;
  }
  const parts = [
    output.stdout,
    output.stderr && `[stderr]\n${output.stderr}`,
    `[${ended}${output.truncated ? "; the middle of the output was left out" : ""}]`,
    ports.length === 0 ? "" : listening,
  ];
  return parts
    .filter((part) => part !== "")
    .map((part) => part.replace(/\n$/, ""))
    .join("\n");
}

function listText(output: OperationOutput<"list_files">): string {
  if (output.entries.length === 0) return `${output.path} is empty.`;
  const lines = output.entries.map(({ path, type, size }) =>
    type === "directory" ? `${path}/` : `${path}${type === "symlink" ? "@" : ""}\t${size}`,
  );
  const shown = output.entries.length;
  const count = output.truncated ? `${shown} of ${output.total} entries.` : `${shown} entries.`;
  return `${lines.join("\n")}\n\n${count}`;
}
