import type { CallToolResult } from "@modelcontextprotocol/server";
import { type DiscoError, describeError } from "#protocol/errors.ts";
import type { OperationOutput } from "#protocol/registry.ts";
import { challengeFor } from "../identity/challenge.ts";
import { editedText, patchedText, writtenText } from "./change-text.ts";
import { fileResult } from "./file-result.ts";
import { clonedText, committedText, gitStatusText, pulledText, pushedText } from "./git-text.ts";
import { type About, logLinks } from "./log-link.ts";
import { statusText } from "./status-text.ts";
import { commandText, outputText, processesText } from "./terminal-text.ts";

/** Where a program finds the error of a failed call; the text is for the model. */
const ERROR_META_KEY = "disco/error";

/** Where ChatGPT looks for the challenge that HTTP would carry; it offers the person to sign in anew. */
const CHALLENGE_META_KEY = "mcp/www_authenticate";

/**
 * An output as a tool result: the data for programs, and a text that reads well for models.
 *
 * @param about for links to what was left out; without it the result has none
 */
export function resultOf(
  operation: string,
  output: Record<string, unknown>,
  about?: About,
): CallToolResult {
  if (operation === "read_file") return fileResult(output);
  const links = about === undefined ? [] : logLinks(operation, output, about);
  return {
    content: [{ type: "text", text: textOf(operation, output) }, ...links],
    structuredContent: output,
  };
}

/**
 * A failure of the domain: the model reads what happened and what to do next.
 *
 * @param app origin of the faces: with it, a client learns what to ask the person for
 */
export function errorResultOf(error: DiscoError, app?: string): CallToolResult {
  const body = error.toBody();
  const { retryable, next, status } = error.kind;
  const challenge = app === undefined ? null : challengeFor(error, new Headers(), app);
  return {
    isError: true,
    content: [{ type: "text", text: describeError(body) }],
    _meta: {
      [ERROR_META_KEY]: { ...body, retryable, next, status },
      ...(challenge !== null && { [CHALLENGE_META_KEY]: [challenge] }),
    },
  };
}

function textOf(operation: string, output: Record<string, unknown>): string {
  switch (operation) {
    case "container_status":
      return statusText(output as OperationOutput<"container_status">);
    case "write_file":
      return writtenText(output as OperationOutput<"write_file">);
    case "edit_file":
      return editedText(output as OperationOutput<"edit_file">);
    case "apply_patch":
      return patchedText(output as OperationOutput<"apply_patch">);
    case "run_command":
      return commandText(output as OperationOutput<"run_command">);
    case "read_output":
    case "send_input":
      return outputText(output as OperationOutput<"read_output">);
    case "list_processes":
      return processesText(output as OperationOutput<"list_processes">);
    case "git_status":
      return gitStatusText(output as OperationOutput<"git_status">);
    case "git_clone":
      return clonedText(output as OperationOutput<"git_clone">);
    case "git_commit":
      return committedText(output as OperationOutput<"git_commit">);
    case "git_pull":
      return pulledText(output as OperationOutput<"git_pull">);
    case "git_push":
      return pushedText(output as OperationOutput<"git_push">);
    case "list_files":
      return listText(output as OperationOutput<"list_files">);
    default:
      return JSON.stringify(output, null, 2);
  }
}

function listText(output: OperationOutput<"list_files">): string {
  const hidden = output.hidden === 0 ? "" : ` ${output.hidden} hidden; \`all\` shows them.`;
  if (output.entries.length === 0) return `${output.path}: no entries.${hidden}`;
  const lines = output.entries.map(({ path, type, size }) =>
    type === "directory" ? `${path}/` : `${path}${type === "symlink" ? "@" : ""}\t${size}`,
  );
  const shown = output.entries.length;
  const count = output.truncated ? `${shown} of ${output.total} entries.` : `${shown} entries.`;
  return `${lines.join("\n")}\n\n${count}${hidden}`;
}
