import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { inspectorProgram } from "./inspector-install.ts";
import type { ClientKind, ToolResult } from "./any-client.ts";

/** Milliseconds for one request, which starts a program. */
const REQUEST_MAX_MS = 90_000;

/** The Inspector's command line in each of its modes: it starts anew for each request. */
export const inspectorClients: readonly ClientKind[] = ["modern", "legacy", "auto"].map((era) => ({
  name: `the Inspector, ${era}`,
  async connect(service, signIn) {
    const program = await inspectorProgram();
    // It keeps files of its own in the person's home.
    const home = await mkdtemp(path.join(tmpdir(), "disco-inspector-"));
    const { authorization } = await signIn("Inspector");
    const header = `Authorization: ${authorization}`;
    const common = ["--cli", service.mcp, "--transport", "http", "--protocol-era", era];
    const run = (args: readonly string[]) =>
      runProgram([program, ...common, "--header", header, ...args], home);
    return {
      async listTools() {
        const { tools } = (await run(["--method", "tools/list"])) as { tools: { name: string }[] };
        return tools.map(({ name }) => name);
      },
      async call(name, args) {
        const pairs = Object.entries(args).flatMap(([key, value]) => [
          "--tool-arg",
          `${key}=${String(value)}`,
        ]);
        const method = ["--method", "tools/call", "--tool-name", name];
        return (await run([...method, ...pairs])) as ToolResult;
      },
      close: () => rm(home, { recursive: true, force: true }),
    };
  },
}));

/** It ends with another code than 0 for a tool that failed, whose result it prints all the same. */
function runProgram(args: readonly string[], home: string): Promise<unknown> {
  const options = { env: { ...process.env, HOME: home }, timeout: REQUEST_MAX_MS };
  return new Promise((resolve, reject) => {
    execFile(process.execPath, args, options, (error, stdout, stderr) => {
      try {
        resolve(JSON.parse(stdout));
      } catch {
        reject(error ?? new Error(`The Inspector answered no JSON: ${stdout}${stderr}`));
      }
    });
  });
}
