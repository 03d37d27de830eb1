import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { stripVTControlCharacters } from "node:util";
import { expect } from "vitest";
import { spawnDisco } from "#scripts/disco/disco-process.ts";
import { descendantsOf, expectGone } from "./disco-process.ts";

/** What `npm start` printed for a person. */
export interface PersonDisco {
  readonly sandboxUrl: string;
  readonly mcp: string;
  readonly api: string;
  readonly docs: string;
  readonly token: string;
  /** Everything on stdout. */
  readonly greeting: string;
  stop(): Promise<void>;
}

/** Milliseconds until the greeting stands there. */
const GREETING_TIMEOUT_MS = 100_000;

/** `npm start` as a person runs it: no tab is attached until somebody opens the link. */
export async function startPersonDisco(): Promise<PersonDisco> {
  const state = await mkdtemp(path.join(tmpdir(), "disco-person-"));
  const child = spawnDisco(["--port", "0", "--state", state]);
  let printed = "";
  let errors = "";
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    printed += stripVTControlCharacters(text);
    if (printed.includes("curl ")) resolve();
  });
  child.stderr?.setEncoding("utf8").on("data", (text: string) => (errors += text));
  child.once("exit", (code) => reject(new Error(`npm start ended with ${code}: ${errors}`)));
  const timer = setTimeout(() => reject(new Error(`No greeting: ${errors}`)), GREETING_TIMEOUT_MS);
  await promise.finally(() => clearTimeout(timer));
  const find = (pattern: RegExp) => pattern.exec(printed)?.[1] ?? "";
  return {
    sandboxUrl: find(/(http:\S+\/sandbox#claim=\S+)/),
    mcp: find(/MCP +(\S+)/),
    api: find(/REST +(\S+)/),
    docs: find(/Docs +(\S+)/),
    token: find(/Token +(\S+)/),
    greeting: printed,
    async stop() {
      const started = await descendantsOf(child.pid ?? 0);
      child.kill("SIGINT");
      await once(child, "exit");
      await expectGone(started);
      await rm(state, { recursive: true, force: true });
    },
  };
}

export interface Ran {
  readonly exit_code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command in the person's container, as a REST client does. */
export async function runIn(disco: PersonDisco, command: string): Promise<Ran> {
  const response = await fetch(`${disco.api}/terminal/current/execute`, {
    method: "POST",
    headers: { Authorization: `Bearer ${disco.token}`, "Content-Type": "application/json" },
    body: JSON.stringify({ command }),
  });
  expect(response.status).toBe(200);
  return (await response.json()) as Ran;
}
