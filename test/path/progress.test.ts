import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Outcome, WorkFrame } from "#protocol/frames.ts";
import { EdgeRig } from "#test/support/edge-rig.ts";
import { restCaller } from "#test/support/rest-caller.ts";
import type { ScriptedTab } from "#test/support/scripted-tab.ts";

let rig: EdgeRig;
let client: Client;

beforeAll(async () => {
  rig = await EdgeRig.start();
  client = new Client(
    { name: "a client", version: "1" },
    { versionNegotiation: { mode: { pin: "2026-07-28" } } },
  );
  const requestInit = { headers: rig.auth };
  const endpoint = new URL("/mcp", rig.worker.url);
  await client.connect(new StreamableHTTPClientTransport(endpoint, { requestInit }));
});
afterAll(async () => {
  await client.close();
  await rig.close();
});

const listed: Outcome = {
  ok: true,
  output: { path: ".", entries: [], total: 0, hidden: 0, truncated: false },
};

/** Says something of every call that asks for it, and answers after a notice's time. */
async function attachTalker(container: string, seen: WorkFrame[]): Promise<void> {
  const tab: ScriptedTab = await rig.attach(async (work) => {
    seen.push(work);
    const { call, epoch } = work;
    if (!work.progress) return listed;
    tab.send({ type: "progress", call, epoch, text: "\u001B]0;title\u202Eone\n  \u200Btwo " });
    tab.send({ type: "progress", call: "another-call", epoch, text: "of another call" });
    tab.send({ type: "progress", call, epoch: epoch + 1, text: "of another epoch" });
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    tab.send({ type: "progress", call, epoch, text: "after the notice" });
    return listed;
  }, container);
}

it("passes through the relay of another container, and is made harmless at the edge [CALL-12]", async () => {
  const { body } = await restCaller(rig)("create_container", { name: "second" });
  for (const container of [await rig.container(), String(body["container"])]) {
    const work: WorkFrame[] = [];
    await attachTalker(container, work);
    const seen: unknown[] = [];
    const list = { name: "list_files", arguments: { container } };
    const { isError } = await client.callTool(list, { onprogress: (told) => seen.push(told) });
    expect(isError ?? false).toBe(false);
    expect(seen).toMatchObject([{ progress: 2, message: "]0;title one two" }]);
    expect(work.map(({ progress }) => progress)).toEqual([true]);
  }
});

it("is asked of the tab only for a caller that wants it [CALL-12]", async () => {
  const work: WorkFrame[] = [];
  await attachTalker(await rig.container(), work);
  await client.callTool({ name: "list_files", arguments: {} });
  await restCaller(rig)("list_files");
  expect(work.map((frame) => "progress" in frame)).toEqual([false, false]);
});
