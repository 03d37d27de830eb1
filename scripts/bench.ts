// npm run bench: how long a call takes on this machine, through everything. It measures what
// `npm start` serves, with wrangler's own part in it; it judges nothing.
import { cpus, totalmem } from "node:os";
import { withFreshDisco } from "./disco/borrowed-disco.ts";
import { McpCaller } from "./disco/mcp-caller.ts";

const WARM_UP_CALLS = 20;
const MEASURED_CALLS = 200;

interface Row {
  readonly what: string;
  readonly p50: string;
  readonly p95: string;
}

async function measure(what: string, call: () => Promise<unknown>): Promise<Row> {
  for (let index = 0; index < WARM_UP_CALLS; index += 1) await call();
  const times: number[] = [];
  for (let index = 0; index < MEASURED_CALLS; index += 1) {
    const started = performance.now();
    await call();
    times.push(performance.now() - started);
  }
  times.sort((a, b) => a - b);
  const at = (share: number) => `${times[Math.floor(MEASURED_CALLS * share)]?.toFixed(1)} ms`;
  return { what, p50: at(0.5), p95: at(0.95) };
}

const started = performance.now();
const rows = await withFreshDisco(async ({ ready }) => {
  const boot = `${((performance.now() - started) / 1_000).toFixed(1)} s`;
  const caller = await McpCaller.connect(ready, "Disco bench");
  await caller.call("write_file", { path: "bench.txt", content: "a line of text\n".repeat(100) });
  const headers = { Authorization: `Bearer ${ready.token}` };
  const measured = [
    await measure("read_file over MCP", () => caller.call("read_file", { path: "bench.txt" })),
    await measure("read_file over REST", async () => {
      const response = await fetch(`${ready.api}/files/current/content?path=bench.txt`, {
        headers,
      });
      if (!response.ok) throw new Error(await response.text());
      return await response.json();
    }),
    await measure("write_file over MCP", () =>
      caller.call("write_file", { path: "bench.txt", content: "a line of text\n".repeat(100) }),
    ),
    await measure("run_command over MCP", () =>
      caller.call("run_command", { command: "wc -l < bench.txt" }),
    ),
  ];
  await caller.close();
  return [{ what: "start until ready", p50: boot, p95: "" }, ...measured];
});

const machine = cpus();
process.stdout.write(
  `${machine.length} × ${machine[0]?.model.trim() ?? "unknown processor"}, ` +
    `${Math.round(totalmem() / 2 ** 30)} GiB, ${process.platform}, Node ${process.versions.node}\n` +
    `${MEASURED_CALLS} calls each, one after the other\n\n`,
);
for (const { what, p50, p95 } of [{ what: "", p50: "p50", p95: "p95" }, ...rows]) {
  process.stdout.write(`${what.padEnd(22)} ${p50.padStart(9)} ${p95.padStart(9)}\n`);
}
