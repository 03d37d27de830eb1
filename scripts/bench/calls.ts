import type { Endpoint } from "../disco/borrowed-disco.ts";
import type { McpCaller } from "../disco/mcp-caller.ts";
import { type Measured, repeat, timeOf } from "./times.ts";

const WARM_UP_CALLS = 20;
export const MEASURED_CALLS = 200;

/** What one call takes, through everything. */
export async function measureCalls(
  { api, token }: Endpoint,
  caller: McpCaller,
): Promise<Measured[]> {
  const file = { path: "bench.txt", content: "a line of text\n".repeat(100) };
  const readOverRest = async () => {
    const headers = { Authorization: `Bearer ${token}` };
    const response = await fetch(`${api}/files/current/content?path=bench.txt`, { headers });
    if (!response.ok) throw new Error(await response.text());
    return await response.json();
  };
  const calls: [string, () => Promise<unknown>][] = [
    ["write_file over MCP", () => caller.call("write_file", file)],
    ["read_file over MCP", () => caller.call("read_file", { path: file.path })],
    ["read_file over REST", readOverRest],
    ["run_command over MCP", () => caller.call("run_command", { command: "wc -l < bench.txt" })],
  ];
  const measured: Measured[] = [];
  for (const [what, call] of calls) {
    const time = () => timeOf(call);
    await repeat(WARM_UP_CALLS, time);
    measured.push({ what, times: await repeat(MEASURED_CALLS, time) });
  }
  return measured;
}
