import fs from "node:fs/promises";
import path from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { McpCaller } from "#scripts/disco/mcp-caller.ts";
import { TabRig } from "#test/support/tab-rig.ts";

let rig: TabRig;
let client: McpCaller;
let root: string;

beforeAll(async () => {
  rig = await TabRig.start();
});
beforeEach(async () => {
  ({ root } = (await rig.readyTab()).runtime);
  client = await McpCaller.connect(rig.endpoint, "editing tests");
});
afterEach(async () => {
  await client.close();
  await rig.closeTabs();
});
afterAll(() => rig.close());

const put = (name: string, text: string) => fs.writeFile(path.join(root, name), text);
const textOf = (name: string) => fs.readFile(path.join(root, name), "utf8");

describe("editing through MCP", () => {
  it("edits, and says what changed", async () => {
    await put("a.ts", "const a = 1;\n");
    const edits = [{ old_text: "const a = 1;", new_text: "const a = 2;" }];
    const edited = await client.call("edit_file", { path: "a.ts", edits });
    expect(edited.diff).toContain("+const a = 2;");
    expect(await textOf("a.ts")).toBe("const a = 2;\n");
    const again = client.call("edit_file", { path: "a.ts", edits });
    await expect(again).rejects.toThrow(/text_not_found: .*Nearest, line 1.*Next: /s);
  });

  it("applies a patch to several files", async () => {
    await put("a.txt", "one\n");
    const patch = [
      "*** Begin Patch",
      "*** Update File: a.txt",
      "@@",
      "-one",
      "+two",
      "*** Add File: b.txt",
      "+new",
      "*** End Patch",
    ].join("\n");
    const { files } = await client.call("apply_patch", { patch });
    expect(files.map(({ path: name, op }) => [name, op])).toEqual([
      ["a.txt", "updated"],
      ["b.txt", "added"],
    ]);
    expect(await textOf("a.txt")).toBe("two\n");
  });

  it("moves what search finds", async () => {
    await put("needle.txt", "hay\nneedle\n");
    const found = await client.call("search_text", { pattern: "need.e", regex: true });
    expect(found.matches).toEqual([
      { path: "needle.txt", line: 2, text: "needle", is_match: true },
    ]);
    const to = "found/needle.txt";
    await client.call("manage_path", { action: "move", path: "needle.txt", to });
    expect(await textOf(to)).toBe("hay\nneedle\n");
  });

  it("writes one thing after the other when many edit one file", async () => {
    await put("list.txt", Array.from({ length: 16 }, (_, index) => `<${index}>\n`).join(""));
    const all = Array.from({ length: 16 }, (_, index) =>
      client.call("edit_file", {
        path: "list.txt",
        edits: [{ old_text: `<${index}>`, new_text: `[${index}]` }],
      }),
    );
    await Promise.all(all);
    expect(await textOf("list.txt")).not.toContain("<");
  });
});

describe("editing through REST", () => {
  it("answers with the status of what went wrong", async () => {
    await put("twice.txt", "x\nx\n");
    const edits = [{ old_text: "x", new_text: "y" }];
    const route = `/files/${rig.container}/edit`;
    const vague = await rig.api("POST", route, { path: "twice.txt", edits });
    expect(vague).toMatchObject({ status: 409, body: { code: "text_not_unique" } });
    const none = await rig.api("POST", route, { path: "twice.txt", edits: [] });
    expect(none).toMatchObject({ status: 400, body: { code: "invalid_input" } });
    const search = await rig.api("GET", `/files/${rig.container}/search?pattern=x&limit=1`);
    expect(search).toMatchObject({ status: 200, body: { total: 2, truncated: true } });
    expect(await textOf("twice.txt")).toBe("x\nx\n");
  });
});
