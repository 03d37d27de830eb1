import fs from "node:fs/promises";
import path from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { McpCaller } from "#scripts/disco/mcp-caller.ts";
import { type StartedTab, TabRig } from "#test/support/tab-rig.ts";

let rig: TabRig;
let client: McpCaller;
let root: string;
let opened: StartedTab;

beforeAll(async () => {
  rig = await TabRig.start();
});
beforeEach(async () => {
  opened = await rig.readyTab();
  ({ root } = opened.runtime);
  client = await McpCaller.connect(rig.endpoint, "checkpoint tests");
});
afterEach(async () => {
  await client.close();
  await rig.closeTabs();
});
afterAll(() => rig.close());

const put = (name: string, text: string) => fs.writeFile(path.join(root, name), text);
const textOf = (name: string) => fs.readFile(path.join(root, name), "utf8");

describe("checkpoints through MCP", () => {
  it("are taken before every kind of changing call, and restored", async () => {
    await put("a.txt", "one\n");
    const edits = [{ old_text: "one", new_text: "two" }];
    const patch = "*** Begin Patch\n*** Add File: b.txt\n+new\n*** End Patch";
    const taken = [
      await client.call("write_file", { path: "a.txt", content: "one\n", mode: "append" }),
      await client.call("edit_file", {
        path: "a.txt",
        edits: [{ ...edits[0]!, replace_all: true }],
      }),
      await client.call("apply_patch", { patch }),
      await client.call("manage_path", { action: "delete", path: "a.txt" }),
      await client.call("run_command", { command: "mkdir d && echo x > d/x && rm b.txt" }),
    ].map(({ checkpoint }) => checkpoint);
    const { checkpoints, total, dropped } = await client.call("list_checkpoints", {});
    expect(checkpoints.map(({ id }) => id)).toEqual(taken.toReversed());
    expect({ total, dropped }).toEqual({ total: 5, dropped: 0 });
    expect(checkpoints[0]).toMatchObject({
      operation: "run_command",
      client: "checkpoint tests",
      summary: "Ran mkdir d && echo x > d/x && rm b.txt",
      changes: 3,
      paths: ["b.txt", "d", "d/x"],
    });

    const id = taken[1] ?? "none";
    const restored = await client.call("restore_checkpoint", { id });
    expect(restored).toMatchObject({ restored: ["a.txt"], removed: ["d", "d/x"], skipped: [] });
    expect(await textOf("a.txt")).toBe("one\none\n");
    expect(await fs.readdir(root)).toEqual(["a.txt"]);
    const undo = await client.call("restore_checkpoint", { id: restored.undo_id ?? "none" });
    expect(undo).toMatchObject({ restored: ["d", "d/x"], removed: ["a.txt"] });
    expect(await textOf("d/x")).toBe("x\n");
  });

  it("are none where nothing changed", async () => {
    const ran = await client.call("run_command", { command: "ls" });
    expect(ran.checkpoint).toBeUndefined();
    const edits = [{ old_text: "x", new_text: "y" }];
    await expect(client.call("edit_file", { path: "none", edits })).rejects.toThrow(
      "file_not_found",
    );
    expect(await client.call("list_checkpoints", {})).toMatchObject({ checkpoints: [], total: 0 });
  });

  it("say which are known when one is not", async () => {
    const unknown = client.call("restore_checkpoint", { id: "c_0123456789ab" });
    await expect(unknown).rejects.toThrow(/checkpoint_not_found: .*Next: Call list_checkpoints/s);
  });
});

describe("checkpoints through REST", () => {
  it("list what happened at a path, and restore that path alone", async () => {
    await client.call("run_command", { command: "mkdir d; echo 1 > d/a; echo 1 > b" });
    const { checkpoint: id } = await client.call("run_command", { command: "echo 2 | tee d/a b" });
    const route = `/files/${rig.container}`;
    const list = await rig.api("GET", `${route}/checkpoints?path=d&limit=1`);
    expect(list).toMatchObject({ status: 200, body: { total: 2, checkpoints: [{ id }] } });
    const restored = await rig.api("POST", `${route}/restore`, { id, paths: ["d"] });
    expect(restored).toMatchObject({ status: 200, body: { restored: ["d/a"], restored_total: 1 } });
    expect([await textOf("d/a"), await textOf("b")]).toEqual(["1\n", "2\n"]);
    const none = await rig.api("POST", `${route}/restore`, { id: "c_none" });
    expect(none).toMatchObject({ status: 404, body: { code: "checkpoint_not_found" } });
    const outside = await rig.api("POST", `${route}/restore`, { id, paths: ["../x"] });
    expect(outside).toMatchObject({ status: 400, body: { code: "path_outside_workspace" } });
  });
});

describe("the person at the page", () => {
  it("takes back what a call did, also one that failed, and clients see it", async () => {
    await put("a.txt", "one\n");
    const { tab, events } = opened;
    const edits = [{ old_text: "one", new_text: "two" }];
    const { checkpoint } = await client.call("edit_file", { path: "a.txt", edits });
    await client.call("run_command", { command: "echo made > b.txt; exit 3" });
    const taken = events.flatMap((event) =>
      event.kind === "call" && event.call.type === "ended" ? [event.call.checkpoint] : [],
    );
    expect(taken).toEqual([checkpoint, expect.stringMatching(/^c_/)]);
    expect(await tab.undo(taken[0] ?? "", null)).toMatchObject({ restored: ["a.txt"] });
    expect(await tab.undo(taken[1] ?? "", null)).toMatchObject({ removed: ["b.txt"] });
    expect(await textOf("a.txt")).toBe("one\n");
    const { checkpoints } = await client.call("list_checkpoints", {});
    expect(checkpoints.slice(0, 2)).toMatchObject([
      { operation: "undo", client: "the person at the page", paths: ["b.txt"] },
      { operation: "undo", paths: ["a.txt"] },
    ]);
  });

  it("is told that nothing can be taken back while the container is not running", async () => {
    const { tab } = opened;
    tab.failed("no memory");
    expect(await tab.undo("c_0123456789ab", null)).toMatchObject({ state: "failed" });
  });
});
