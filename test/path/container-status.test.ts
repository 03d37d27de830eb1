import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { WorkFrame } from "#protocol/frames.ts";
import type { OperationOutput } from "#protocol/registry.ts";
import { EdgeRig } from "#test/support/edge-rig.ts";
import { smallWorkspace } from "#test/support/small-workspace.ts";

const seen: WorkFrame[] = [];
let rig: EdgeRig;

beforeAll(async () => {
  rig = await EdgeRig.start();
  const workspace = smallWorkspace(new Map([["a.txt", "one\n"]]));
  await rig.attach((work) => {
    seen.push(work);
    if (work.operation === "list_processes") return { ok: true, output: { processes: [] } };
    if (work.operation === "git_status") {
      return { ok: false, error: { code: "not_a_repository", message: "There is none." } };
    }
    if (work.input["command"] !== "false") return workspace(work);
    return { ok: false, error: { code: "overloaded", message: "Too many." } };
  });
});
afterAll(() => rig.close());

async function status(): Promise<OperationOutput<"container_status">> {
  const answer = await rig.api("/api/v1/containers/current");
  return (await answer.json()) as OperationOutput<"container_status">;
}

async function send(method: "PUT" | "POST", path: string, body: object): Promise<void> {
  const headers = { "Content-Type": "application/json" };
  const answer = await rig.api(`/api/v1${path}`, { method, headers, body: JSON.stringify(body) });
  await answer.text();
}

const write = (path: string) =>
  send("PUT", "/files/current", { path, content: "the content, which nobody else is told" });
const execute = (command: string) => send("POST", "/terminal/current/execute", { command });

describe("what happened lately, as container_status tells it", () => {
  it("names who changed what with which outcome, and nothing of what was written or read", async () => {
    await write("src/app.ts");
    await (await rig.api("/api/v1/files/current/content?path=a.txt")).text();
    await execute("npm test");
    await execute("false");
    const { recent, processes } = await status();
    const client = "the test's token";
    expect(recent).toMatchObject([
      { client, summary: "Ran false", outcome: "overloaded" },
      { client, summary: "Ran npm test", outcome: "done" },
      { client, summary: "Wrote src/app.ts", outcome: "done" },
    ]);
    expect(JSON.stringify(recent)).not.toContain("content");
    expect(processes).toEqual([]);
    const asked = seen.slice(-2).map(({ operation, client: by }) => `${operation} by "${by}"`);
    expect(new Set(asked)).toEqual(new Set(['git_status by ""', 'list_processes by ""']));
  });

  it("outlasts the relay's sleep, and keeps the last ten", async () => {
    for (let index = 0; index < 12; index += 1) await write(`${index}.txt`);
    await rig.worker.evict("CONTAINER_RELAY", await rig.container(), "hibernate");
    const { recent } = await status();
    expect(recent).toHaveLength(10);
    expect(recent[0]).toMatchObject({ summary: "Wrote 11.txt" });
  });

  it("forgets what was a day ago", async () => {
    const sql = "UPDATE recent_calls SET at = at - 86400001";
    await rig.worker.query("CONTAINER_RELAY", await rig.container(), sql);
    expect((await status()).recent).toEqual([]);
  });
});
