import * as z from "zod";
import type { ContainerShell } from "./container-shell.ts";

/** JSON-RPC 2.0, section 5; a notification has no id. */
const message = z.object({ id: z.int().optional(), result: z.unknown().optional() });

interface ToolCall {
  readonly name: string;
  readonly arguments: Readonly<Record<string, unknown>>;
}

const initialize = {
  protocolVersion: "2025-06-18",
  capabilities: {},
  clientInfo: { name: "Disco e2e", version: "1.0.0" },
};

/** Its input stays open until the last request is answered. */
const UNTIL_ANSWERED = `until grep -q '"id":3' answers.txt; do sleep 0.1; done`;

/**
 * A conversation with an MCP server in the container, over its standard input and output.
 *
 * @returns the results of initialize, tools/list and the call of the tool
 */
export async function talkTo(
  shell: ContainerShell,
  command: string,
  call: ToolCall,
): Promise<unknown[]> {
  const requests = [
    { id: 1, method: "initialize", params: initialize },
    { method: "notifications/initialized" },
    { id: 2, method: "tools/list" },
    { id: 3, method: "tools/call", params: call },
  ];
  const lines = requests.map((request) => JSON.stringify({ jsonrpc: "2.0", ...request }));
  await shell.write("requests.txt", `${lines.join("\n")}\n`);
  const { stdout } = await shell.succeed(
    `touch answers.txt; (cat requests.txt; ${UNTIL_ANSWERED}) | ${command} > answers.txt && cat answers.txt`,
  );
  const answers = stdout
    .trimEnd()
    .split("\n")
    .map((line) => message.parse(JSON.parse(line)));
  return [1, 2, 3].map((wanted) => answers.find(({ id }) => id === wanted)?.result);
}
