import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Ready } from "#scripts/disco/ready-line.ts";
import { top } from "#scripts/disco/top.ts";
import { type TestDisco, startTestDisco } from "#test/support/disco-process.ts";
import { readText } from "#test/support/repository.ts";

/** Rejects when the program ends with another exit code than 0. */
const run = promisify(execFile);

let running: TestDisco;
let ready: Ready;

beforeAll(async () => {
  running = await startTestDisco();
  ready = running.disco.ready;
});
afterAll(() => running.stop());

/** The blocks of the README that begin with this word, each with the address of this Disco. */
function commandsOf(program: string): string[] {
  return [...readText("README.md").matchAll(/^```\w*\n(.*?)^```/gms)]
    .map(([, block = ""]) => block)
    .filter((block) => block.startsWith(`${program} `))
    .map((block) => block.replaceAll("http://localhost:8787", ready.origin));
}

describe("what the README tells people to run", () => {
  it("runs: curl", async () => {
    const commands = commandsOf("curl");
    expect(commands).toHaveLength(1);
    const { stdout } = await run("bash", ["-c", commands[0] ?? ""], {
      env: { ...process.env, DISCO_TOKEN: ready.token },
    });
    expect(JSON.parse(stdout)).toMatchObject({ exit_code: 0, stdout: "HELLO\n" });
  });

  it("runs: npm run demo, whose container counts what is on disk", async () => {
    const demo = path.join(top, "scripts/demo.ts");
    const args = [demo, "--url", ready.origin, "--token", ready.token];
    const { stdout } = await run(process.execPath, args, { cwd: top });
    expect(stdout).toMatch(/^ {2}→ \d+ files and \d+ lines: the same as on disk$/m);
    const last = stdout.trimEnd().split("\n").at(-1);
    expect(last).toMatch(/^\d+ calls in [\d.]+ s; half of them took at most \d+ ms\.$/);
  });
});
