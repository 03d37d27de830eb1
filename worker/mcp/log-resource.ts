import type { ReadResourceResult } from "@modelcontextprotocol/server";
import { OUTPUT_READ_MAX_CHARS } from "#protocol/limits.ts";
import type { OperationOutput } from "#protocol/registry.ts";
import type { CallContext } from "../operations/context.ts";
import { execute } from "../operations/execute.ts";
import { logUri, type NamedResource } from "./resource-uri.ts";

/**
 * Characters of a log in one answer: no model's window holds more, and the relay holds them twice. The
 * protocol has no pages for reading a resource, so the next part has a URI of its own.
 */
const LOG_PART_MAX_CHARS = 1_024 * 1_024;

/** Where a program finds how much of the log an answer is. */
const LOG_META_KEY = "disco/log";

type Part = OperationOutput<"read_output">;

/**
 * Reads a command's log as read_output does, by the one pipeline, part by part. What is missing is
 * told in the text, where a model sees it.
 *
 * @throws DiscoError
 */
export async function readLogResource(
  uri: string,
  { container, process, cursor }: Extract<NamedResource, { type: "log" }>,
  call: Omit<CallContext, "container">,
): Promise<ReadResourceResult> {
  const read = async (from: number, client: string): Promise<Part> => {
    const input = { process_id: process, cursor: from, max_chars: OUTPUT_READ_MAX_CHARS };
    return (await execute("read_output", input, { ...call, container, client })) as Part;
  };
  let part = await read(cursor, call.client);
  let text = leftOut(part) + part.output;
  let { dropped } = part;
  while (part.remaining > 0 && text.length < LOG_PART_MAX_CHARS) {
    // The client asked once, so the page shows one call [CALL-11].
    part = await read(part.cursor, "");
    text += leftOut(part) + part.output;
    dropped += part.dropped;
  }
  const { status, exit_code, cursor: end, remaining } = part;
  const next = remaining === 0 ? null : logUri(container, process, end);
  if (next !== null) text += `\n… ${remaining} characters follow: ${next} …\n`;
  const meta = { status, exit_code, cursor: end, remaining, dropped, next };
  return { contents: [{ uri, mimeType: "text/plain", text, _meta: { [LOG_META_KEY]: meta } }] };
}

function leftOut({ dropped }: Part): string {
  return dropped === 0 ? "" : `… ${dropped} characters are not kept …\n`;
}
