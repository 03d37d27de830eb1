import type { McpCaller } from "../disco/mcp-caller.ts";

/** Seconds for the longest command, the installation. */
const COMMAND_TIMEOUT_S = 40;
const SYSTEM_CALLS = 10_000;

const STAT_LOOP = `
const fs = require("node:fs");
const started = performance.now();
for (let call = 0; call < ${SYSTEM_CALLS}; call += 1) fs.statSync("x.js");
console.log((performance.now() - started) / ${SYSTEM_CALLS});
`;

const MANY_FILES = `
const fs = require("node:fs");
for (let index = 0; index < COUNT; index += 1) {
  const folder = "many/" + (index % 100);
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(folder + "/" + index + ".txt", ("line of file " + index + "\\n").repeat(300));
}
`;

/** A command that has to succeed; the answer has the milliseconds that it took in the container. */
async function run(caller: McpCaller, command: string) {
  const ran = await caller.call("run_command", { command, timeout_s: COMMAND_TIMEOUT_S });
  if (ran.exit_code !== 0) throw new Error(`${command}: ${ran.status}\n${ran.stderr}`);
  return ran;
}

/** A program of one line: what starting Node takes. */
export async function timeNode(caller: McpCaller): Promise<number> {
  await caller.call("write_file", { path: "x.js", content: "console.log(6 * 7);\n" });
  return (await run(caller, "node x.js")).duration_ms;
}

/** Into an empty folder, without a lockfile. */
export async function timeExpress(caller: McpCaller): Promise<number> {
  await run(caller, "rm -rf app && mkdir app && cd app && npm init -y");
  return (await run(caller, "cd app && npm install express")).duration_ms;
}

/** @returns milliseconds of one synchronous stat, as a program sees it */
export async function timeSystemCall(caller: McpCaller): Promise<number> {
  await caller.call("write_file", { path: "x.js", content: "console.log(6 * 7);\n" });
  await caller.call("write_file", { path: "stat.js", content: STAT_LOOP });
  return Number((await run(caller, "node stat.js")).stdout);
}

export async function writeManyFiles(caller: McpCaller, count: number): Promise<void> {
  const content = MANY_FILES.replace("COUNT", String(count));
  await caller.call("write_file", { path: "many.js", content });
  await run(caller, "node many.js");
}
