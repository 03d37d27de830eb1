// npm run demo: puts a real source tree into the workspace through MCP and answers questions about it
// with shell pipelines, call by call. `--url http://localhost:PORT --token T` uses a running Disco.
import { parseArgs } from "node:util";
import { DEMO_FOLDER, questions } from "./demo/questions.ts";
import { countLines, readSourceTree } from "./demo/source-tree.ts";
import { type Endpoint, withFreshDisco } from "./disco/borrowed-disco.ts";
import { type FinishedCall, McpCaller } from "./disco/mcp-caller.ts";

/** Calls at once while the tree is written; what MCP clients do when a model asks for many. */
const WRITERS = 4;

const out = (text = "") => process.stdout.write(`${text}\n`);

function narrate({ operation, summary, ms }: FinishedCall): void {
  const line = summary.replaceAll(/\s+/g, " ");
  const short = line.length > 90 ? `${line.slice(0, 89)}…` : line;
  out(`  ${ms.toFixed(0).padStart(5)} ms  ${operation.padEnd(16)} ${short}`);
}

async function demonstrate(endpoint: Endpoint): Promise<void> {
  const started = performance.now();
  const calls: FinishedCall[] = [];
  const caller = await McpCaller.connect(endpoint, "Disco demo", (call) => {
    calls.push(call);
    narrate(call);
  });
  try {
    const tools = await caller.listTools();
    out(`\nConnected to ${endpoint.mcp} (MCP ${caller.protocolVersion})`);
    out(`Tools: ${tools.join(", ")}\n`);
    const status = await caller.call("container_status", {});
    out(`  → ${status.detail} Runtime: ${status.runtime?.kind}, workspace: ${status.root}\n`);
    await ask(caller);
  } finally {
    await caller.call("run_command", { command: `rm -rf ${DEMO_FOLDER}` });
    await caller.close();
  }
  const seconds = ((performance.now() - started) / 1_000).toFixed(1);
  const times = calls.map(({ ms }) => ms).toSorted((a, b) => a - b);
  const median = times[Math.floor(times.length / 2)]?.toFixed(0);
  out(`\n${calls.length} calls in ${seconds} s; half of them took at most ${median} ms.`);
}

async function ask(caller: McpCaller): Promise<void> {
  const files = await readSourceTree();
  out(`Writing zod's sources into the workspace: ${files.length} files`);
  const waiting = files.values();
  const writer = async () => {
    for (const { path, text } of waiting) {
      await caller.call("write_file", { path: `${DEMO_FOLDER}/${path}`, content: text });
    }
  };
  await Promise.all(Array.from({ length: WRITERS }, writer));

  const answers: string[] = [];
  for (const { text, command } of questions) {
    out(`\n${text}`);
    const result = await caller.call("run_command", { command, cwd: DEMO_FOLDER });
    if (result.exit_code !== 0) throw new Error(`exit code ${result.exit_code}: ${result.stderr}`);
    out(indent(result.stdout));
    answers.push(`## ${text}\n\n${result.stdout.trimEnd()}\n`);
  }
  out("\nKeeping the answers in the workspace, and reading them back");
  const path = `${DEMO_FOLDER}/answers.md`;
  const content = answers.join("\n");
  await caller.call("write_file", { path, content });
  const kept = await caller.call("read_file", { path });
  if (kept.text !== content) throw new Error("The file reads otherwise than it was written.");
  checkAnswer(answers[0] ?? "", files.length, countLines(files));
}

/** The first answer is counted again here, from the files on disk. */
function checkAnswer(answer: string, files: number, lines: number): void {
  const [, told = "", counted = ""] = /(\d+)\s+(\d+)\s*$/.exec(answer) ?? [];
  if (Number(told) !== files || Number(counted) !== lines) {
    throw new Error(`The container counted ${told} and ${counted}, not ${files} and ${lines}.`);
  }
  out(`  → ${files} files and ${lines} lines: the same as on disk`);
}

function indent(text: string): string {
  return text
    .trimEnd()
    .split("\n")
    .map((line) => `           ${line}`)
    .join("\n");
}

const { url, token } = parseArgs({
  options: { url: { type: "string" }, token: { type: "string" } },
}).values;
if (url !== undefined && token !== undefined) {
  const { origin } = new URL(url);
  await demonstrate({ mcp: `${origin}/mcp`, api: `${origin}/api/v1`, token });
} else {
  out("Starting Disco with a Chromium of its own …");
  const log = (line: string) => process.stderr.write(`${line}\n`);
  await withFreshDisco(({ ready }) => demonstrate(ready), { log });
}
