import { createHash } from "node:crypto";
import fs from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { restCaller } from "#test/support/rest-caller.ts";
import { TabRig } from "#test/support/tab-rig.ts";
import { ACTIONS_ANSWER_MAX_CHARS } from "#protocol/limits.ts";

let rig: TabRig;
let root: string;
let call: ReturnType<typeof restCaller>;

beforeAll(async () => {
  rig = await TabRig.start();
  call = restCaller(rig.edge);
  ({ root } = (await rig.readyTab()).runtime);
});
afterAll(() => rig.close());

const put = (name: string, text: string) => fs.writeFile(path.join(root, name), text);
const textOf = (name: string) => fs.readFile(path.join(root, name), "utf8");
const hashOf = (text: string) => createHash("sha256").update(text).digest("hex");

describe("POST /files creates", () => {
  it("a file that is not there, with 201", async () => {
    const created = await call("create_file", { path: "new/a.txt", content: "one\n" });
    expect(created).toMatchObject({ status: 201, body: { created: true, hash: hashOf("one\n") } });
    expect(await textOf("new/a.txt")).toBe("one\n");
  });

  it("no file that is there, and leaves it as it is", async () => {
    await put("there.txt", "mine\n");
    const refused = await call("create_file", { path: "there.txt", content: "other\n" });
    expect(refused).toMatchObject({ status: 409, body: { code: "already_exists" } });
    expect(await textOf("there.txt")).toBe("mine\n");
  });

  it("by the route's own word only", async () => {
    for (const [name, value] of [
      ["mode", "overwrite"],
      ["mode", "create"],
      ["expected_hash", hashOf("")],
    ] as const) {
      const input = { path: "there.txt", content: "", [name]: value };
      const { status, body } = await call("create_file", input);
      expect([status, body["code"]]).toEqual([400, "invalid_input"]);
      expect(body["detail"]).toBe(
        `create_file: \`${name}\` is no argument of this route (it takes path, content, encoding).`,
      );
    }
    expect(await textOf("there.txt")).toBe("mine\n");
  });
});

describe("PUT /files with If-Match", () => {
  it("writes when the file is what the caller has seen, and refuses when it is not", async () => {
    await put("seen.txt", "one\n");
    const headers = { "If-Match": `"${hashOf("one\n")}"` };
    const first = await call("write_file", { path: "seen.txt", content: "two\n" }, { headers });
    expect(first).toMatchObject({ status: 200, body: { hash: hashOf("two\n") } });
    const second = await call("write_file", { path: "seen.txt", content: "three\n" }, { headers });
    expect(second).toMatchObject({ status: 412, body: { code: "hash_mismatch" } });
    expect(await textOf("seen.txt")).toBe("two\n");
  });

  it.each(["*", 'W/"abc"', `"${hashOf("a")}", "${hashOf("b")}"`, hashOf("a"), '"short"'])(
    "refuses what is not one hash: %s",
    async (tag) => {
      const input = { path: "seen.txt", content: "" };
      const refused = await call("write_file", input, { headers: { "If-Match": tag } });
      expect(refused).toMatchObject({ status: 400, body: { code: "invalid_input" } });
    },
  );

  it("refuses a header that says otherwise than the argument, and one that means nothing", async () => {
    const headers = { "If-Match": `"${hashOf("two\n")}"` };
    const both = { path: "seen.txt", content: "", expected_hash: hashOf("one\n") };
    expect(await call("write_file", both, { headers })).toMatchObject({ status: 400 });
    expect(await call("list_files", {}, { headers })).toMatchObject({ status: 400 });
    expect(await textOf("seen.txt")).toBe("two\n");
  });
});

describe("DELETE /files", () => {
  it("deletes a file, which restore_checkpoint brings back", async () => {
    await put("gone.txt", "kept\n");
    const { status, body } = await call("delete_path", { path: "gone.txt" });
    expect([status, body["affected"]]).toEqual([200, 1]);
    await expect(textOf("gone.txt")).rejects.toThrow(/ENOENT/);
    await call("restore_checkpoint", { id: body["checkpoint"] });
    expect(await textOf("gone.txt")).toBe("kept\n");
  });

  it("deletes a directory only when it is told to", async () => {
    await fs.mkdir(path.join(root, "d"));
    await put("d/a.txt", "");
    const refused = await call("delete_path", { path: "d" });
    expect(refused).toMatchObject({ status: 409, body: { code: "is_directory" } });
    const deleted = await call("delete_path", { path: "d", recursive: "true" });
    expect(deleted).toMatchObject({ status: 200, body: { affected: 2 } });
  });

  it("takes no other action, no target, and no path that leaves the workspace", async () => {
    for (const more of [{ action: "mkdir" }, { to: "elsewhere" }]) {
      const refused = await call("delete_path", { path: "a", ...more });
      expect(refused).toMatchObject({ status: 400, body: { code: "invalid_input" } });
    }
    const outside = await call("delete_path", { path: "../../etc" });
    expect(outside.body["code"]).toBe("path_outside_workspace");
    expect((await call("delete_path")).body["detail"]).toMatch(/`path` is missing/);
  });
});

describe("search by POST", () => {
  it("finds what search by GET finds", async () => {
    await put("needle.txt", "a needle & 100%?\n");
    const input = { pattern: "needle & 100%?" };
    const posted = await call("post_search_text", input);
    expect(posted.body).toMatchObject({ total: 1, matches: [{ path: "needle.txt", line: 1 }] });
    expect(await call("search_text", input)).toEqual(posted);
  });
});

describe("the routes of GPT Actions", () => {
  const base = "/actions/v1";

  it("answer as the others do", async () => {
    const answer = await call("read_file", { path: "needle.txt" }, { base });
    expect(answer).toEqual(await call("read_file", { path: "needle.txt" }));
    expect((await call("read_file", { path: "no" }, { base })).body["code"]).toBe("file_not_found");
  });

  it("refuse an answer that a GPT cannot take, and say so", async () => {
    await put("large.bin", "x".repeat(ACTIONS_ANSWER_MAX_CHARS));
    const input = { path: "large.bin", encoding: "base64" };
    expect((await call("read_file", input)).status).toBe(200);
    const refused = await call("read_file", input, { base });
    const details = { max_chars: ACTIONS_ANSWER_MAX_CHARS };
    expect(refused).toMatchObject({ status: 413, body: { code: "too_large", details } });
  });

  it("say of a change that it was done, though its answer is too large", async () => {
    const command = "touch done.txt; head -c 12000 /dev/zero; head -c 12000 /dev/zero >&2";
    const refused = await call("run_command", { command }, { base });
    expect(refused).toMatchObject({ status: 413, body: { code: "too_large" } });
    expect(refused.body["detail"]).toMatch(/run_command has done its work\.$/);
    expect(await textOf("done.txt")).toBe("");
  });
});
