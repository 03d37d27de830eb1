import type { CallToolResult } from "@modelcontextprotocol/server";
import type { OperationOutput } from "#protocol/registry.ts";
import { logUri } from "./resource-uri.ts";

type Block = CallToolResult["content"][number];
type Ran = OperationOutput<"run_command">;
type Read = OperationOutput<"read_output">;

/** What a result is about, where it matters beside the output. */
export interface About {
  /** Id of the container, or `current`. */
  readonly container: string;
  /** The arguments as the caller sent them. */
  readonly input: Readonly<Record<string, unknown>>;
}

/**
 * The link to the whole log, beside a result that left something of it out (MCP 2025-06-18,
 * server/tools, "Resource Links").
 */
export function logLinks(
  operation: string,
  output: Record<string, unknown>,
  { container, input }: About,
): Block[] {
  const process = shortenedLog(operation, output, input);
  if (process === null) return [];
  return [
    {
      type: "resource_link",
      uri: logUri(container, process),
      name: `log of ${process}`,
      title: "The whole log",
      mimeType: "text/plain",
    },
  ];
}

/** The process whose output was left out in part; null when there is none. */
function shortenedLog(
  operation: string,
  output: Record<string, unknown>,
  input: Readonly<Record<string, unknown>>,
): string | null {
  if (operation === "run_command") {
    const { truncated, process_id: process } = output as Ran;
    return truncated ? process : null;
  }
  if (operation !== "read_output" && operation !== "send_input") return null;
  const { remaining, dropped } = output as Read;
  return remaining + dropped > 0 ? String(input["process_id"]) : null;
}
