import {
  Client,
  StreamableHTTPClientTransport,
  type VersionNegotiationMode,
} from "@modelcontextprotocol/client";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { McpCaller } from "#scripts/disco/mcp-caller.ts";
import { TabRig } from "#test/support/tab-rig.ts";

let rig: TabRig;
let client: McpCaller;

beforeAll(async () => {
  rig = await TabRig.start();
});
beforeEach(async () => {
  await rig.readyTab();
  client = await McpCaller.connect(rig.endpoint, "process tests");
});
afterEach(async () => {
  await client.close();
  await rig.closeTabs();
});
afterAll(() => rig.close());

async function start(command: string): Promise<string> {
  const { process_id: id } = await client.call("run_command", { command, background: true });
  return id ?? "it has no id";
}

describe("commands through MCP", () => {
  it("hands over what runs longer, and tells of it to the end", async () => {
    const command = "echo one; sleep 1.5; echo two; exit 3";
    const ran = await client.call("run_command", { command, timeout_s: 1 });
    expect(ran).toMatchObject({ status: "running", exit_code: null, stdout: "one\n" });
    const id = ran.process_id ?? "";
    const { processes } = await client.call("list_processes", {});
    expect(processes).toMatchObject([{ id, command, status: "running", client: "process tests" }]);
    expect(await client.call("wait_for", { id, timeout_s: 10 })).toEqual({
      id,
      state: "exited",
      result: { exit_code: 3 },
    });
    const rest = await client.call("read_output", { process_id: id, cursor: ran.cursor });
    expect(rest).toMatchObject({ status: "exited", exit_code: 3, output: "two\n", dropped: 0 });
  });

  it("talks to a program, and stops it", async () => {
    const id = await start('while read line; do echo "heard $line"; done');
    const said = await client.call("send_input", { process_id: id, text: "höre 🎈" });
    expect(said).toMatchObject({ status: "running", output: "heard höre 🎈\n" });
    expect(await client.call("wait_for", { id, timeout_s: 0 })).toMatchObject({ state: "running" });
    const stopped = await client.call("stop_process", { process_id: id });
    expect(stopped).toEqual({ status: "killed", exit_code: null });
    const refused = client.call("send_input", { process_id: id, text: "x" });
    await expect(refused).rejects.toThrow(/input_closed: .* has ended\. Next: /);
  });

  it("shows a process to every client of the container", async () => {
    const id = await start("sleep 30");
    const other = await McpCaller.connect(rig.endpoint, "another client");
    const [first] = (await other.call("list_processes", {})).processes;
    expect(first).toMatchObject({ id, client: "process tests" });
    await other.call("stop_process", { process_id: id, signal: "KILL" });
    await other.close();
    expect(await client.call("wait_for", { id })).toMatchObject({ state: "killed" });
  });

  it("ends with many readers of one long output, each with all of it", async () => {
    const id = await start("seq 1 60000");
    const readAll = async () => {
      let all = "";
      for (let cursor = 0; ;) {
        const given = { process_id: id, cursor, wait_s: 10, max_chars: 100_000 };
        const part = await client.call("read_output", given);
        all += part.output;
        cursor = part.cursor;
        if (part.status !== "running" && part.remaining === 0) return all;
      }
    };
    const expected = Array.from({ length: 60_000 }, (_, index) => `${index + 1}\n`).join("");
    const all = await Promise.all(Array.from({ length: 8 }, readAll));
    for (const read of all) expect(read === expected).toBe(true);
  });
});

describe.each([
  ["2025", "legacy"],
  ["2026-07-28", { pin: "2026-07-28" }],
] as [string, VersionNegotiationMode][])("a call of the era %s", (_era, mode) => {
  async function connect(): Promise<Client> {
    const { mcp, token } = rig.endpoint;
    const other = new Client({ name: "other", version: "1" }, { versionNegotiation: { mode } });
    const headers = { Authorization: `Bearer ${token}` };
    const transport = new StreamableHTTPClientTransport(new URL(mcp), { requestInit: { headers } });
    await other.connect(transport);
    return other;
  }

  it("stops the command and all that it started when it is cancelled [CALL-9]", async () => {
    const canceller = await connect();
    const abort = new AbortController();
    const call = canceller.callTool(
      { name: "run_command", arguments: { command: "sleep 300 & sleep 300" } },
      { signal: abort.signal },
    );
    const statusOf = async () => (await client.call("list_processes", {})).processes[0]?.status;
    await expect.poll(statusOf).toBe("running");
    abort.abort();
    await expect(call).rejects.toThrow(/abort/i);
    // The rig's machine tells of the end when no program of the tree holds the output any more.
    await expect.poll(statusOf, { timeout: 15_000 }).toBe("killed");
    await canceller.close();
  });

  it("tells while it runs that it does, to who asks for it", async () => {
    const other = await connect();
    const seen: number[] = [];
    const onprogress = ({ progress }: { progress: number }) => seen.push(progress);
    const params = { name: "run_command", arguments: { command: "sleep 5" } };
    const { structuredContent } = await other.callTool(params, { onprogress });
    expect(structuredContent).toMatchObject({ exit_code: 0 });
    expect(seen.slice(0, 2)).toEqual([2, 4]);
    await other.close();
  });
});

describe("commands through REST", () => {
  const post = (route: string, body: object) =>
    rig.api("POST", `/terminal/${rig.container}/${route}`, body);

  it("has a route for each", async () => {
    const { body } = await post("execute", { command: "cat", background: true });
    const id = String(body["process_id"]);
    await post("input", { process_id: id, text: "hello" });
    const query = `process_id=${id}&cursor=0&max_chars=3`;
    expect(await rig.api("GET", `/terminal/${rig.container}/output?${query}`)).toMatchObject({
      status: 200,
      body: { status: "running", output: "hel", cursor: 3, remaining: 3 },
    });
    const listed = await rig.api("GET", `/terminal/${rig.container}/processes`);
    expect(listed).toMatchObject({ status: 200, body: { processes: [{ id, command: "cat" }] } });
    expect(await post("stop", { process_id: id })).toMatchObject({ body: { status: "killed" } });
    const waited = await rig.api("GET", `/containers/${rig.container}/wait?id=${id}`);
    expect(waited).toMatchObject({ status: 200, body: { id, state: "killed" } });
  });

  it("answers with the status of what went wrong", async () => {
    const none = { process_id: "p_000000000000" };
    const unknown = { status: 404, body: { code: "process_not_found" } };
    expect(await post("stop", none)).toMatchObject(unknown);
    expect(await post("input", { ...none, text: "" })).toMatchObject(unknown);
    const route = `/terminal/${rig.container}/output?process_id=p_000000000000`;
    const read = await rig.api("GET", route);
    expect(read).toMatchObject(unknown);
    expect(read.body["next"]).toMatch(/list_processes/);
    const wait = await rig.api("GET", `/containers/${rig.container}/wait?id=p_000000000000`);
    expect(wait).toMatchObject(unknown);
    const { body } = await post("execute", { command: "cat", stdin: "", background: true });
    const closed = await post("input", { process_id: body["process_id"], text: "x" });
    expect(closed).toMatchObject({ status: 409, body: { code: "input_closed" } });
    const long = await rig.api("GET", `${route}&wait_s=46`);
    expect(long).toMatchObject({ status: 400, body: { code: "invalid_input" } });
  });
});

describe("without the tab", () => {
  it("says after a reload that the process is gone, to who waits for it too", async () => {
    const id = await start("sleep 30");
    const waiting = client.call("wait_for", { id, timeout_s: 20 });
    waiting.catch(() => {});
    await expect
      .poll(async () => (await client.call("list_processes", {})).processes.length)
      .toBe(1);
    await rig.closeTabs();
    await rig.readyTab();
    await expect(waiting).rejects.toThrow(/process_not_found/);
    const read = client.call("read_output", { process_id: id });
    await expect(read).rejects.toThrow(/process_not_found: .*Next: Call list_processes/s);
  });

  it("waits for the page, and says when it is there", async () => {
    const open = client.call("wait_for", { id: "tab" });
    expect(await open).toEqual({ id: "tab", state: "ready", result: null });
    await rig.closeTabs();
    const gone = { id: "tab", state: "waiting_for_tab", result: null };
    await expect.poll(() => client.call("wait_for", { id: "tab", timeout_s: 0 })).toEqual(gone);
    const read = client.call("read_output", { process_id: "p_000000000000" });
    await expect(read).rejects.toThrow(/tab_not_attached/);
    const waiting = client.call("wait_for", { id: "tab", timeout_s: 20 });
    const { tab, runtime } = await rig.startTab();
    tab.ready(runtime);
    expect(await waiting).toMatchObject({ state: "ready" });
  });
});
