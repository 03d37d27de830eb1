import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import fs from "node:fs/promises";
import path from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { McpCaller } from "#scripts/disco/mcp-caller.ts";
import { fixedIdentity } from "#test/support/git-runtimes.ts";
import { GitServer } from "#test/support/git-server.ts";
import { TabRig } from "#test/support/tab-rig.ts";

let rig: TabRig;
let server: GitServer;
let client: McpCaller;
let root: string;
let count = 0;

beforeAll(async () => {
  // The rig's tab runs this machine's git, which must not know this machine's configuration.
  const isolated = { GIT_CONFIG_NOSYSTEM: "1", GIT_CONFIG_GLOBAL: "/dev/null", ...fixedIdentity };
  for (const [name, value] of Object.entries(isolated)) vi.stubEnv(name, value);
  server = await GitServer.start();
  rig = await TabRig.start();
});
afterAll(async () => {
  await rig.close();
  await server.close();
  vi.unstubAllEnvs();
});
beforeEach(async () => {
  ({ root } = (await rig.readyTab()).runtime);
  client = await McpCaller.connect(rig.endpoint, "git tests");
});
afterEach(async () => {
  await client.close();
  await rig.closeTabs();
});

const put = (name: string, text: string) => fs.writeFile(path.join(root, name), text);
const textOf = (name: string) => fs.readFile(path.join(root, name), "utf8");

/** A new repository on the server, with one file, and its URL. */
async function repository(): Promise<{ name: string; url: string }> {
  count += 1;
  const name = `r${count}.git`;
  await server.create(name);
  await server.git("", "clone", "-q", name, `w${count}`);
  await theirs(name, "a.txt", "one\n");
  return { name, url: server.local(name) };
}

/** Somebody else's commit. */
async function theirs(name: string, file: string, text: string): Promise<void> {
  const work = name.replace("r", "w").replace(".git", "");
  await server.git(work, "pull", "-q").catch(() => "");
  await fs.writeFile(path.join(server.directory, work, file), text);
  await server.git(work, "add", "-A");
  await server.git(work, "commit", "-qm", `Change ${file}`);
  await server.git(work, "push", "-q", "origin", "HEAD:main");
}

describe("git through MCP", () => {
  it("goes from clone to push, and each client sees how it stands", async () => {
    const { name, url } = await repository();
    const cloned = await client.call("git_clone", { url, directory: "." });
    expect(cloned).toMatchObject({ status: "done", branch: "main", files: 1, directory: "." });
    await put("a.txt", "one\ntwo\n");
    await put("b.txt", "b\n");
    expect(await client.call("container_status", {})).toMatchObject({
      branch: "main",
      dirty_files: 2,
    });
    const status = await client.call("git_status", { diff: true, log: 1 });
    expect(status).toMatchObject({
      modified: [{ path: "a.txt", change: "modified" }],
      untracked: ["b.txt"],
      upstream: "origin/main",
      log: [{ subject: "Change a.txt" }],
    });
    expect(status.diff).toContain("+two\n");
    const committed = await client.call("git_commit", { message: "Add two\n\nAnd b." });
    expect(committed.stats).toEqual({ files: 2, insertions: 2, deletions: 0 });
    await theirs(name, "c.txt", "c\n");
    const rejected = client.call("git_push", {});
    await expect(rejected).rejects.toThrow(/git_rejected: .*Next: Call git_pull, then git_push/s);
    expect(await client.call("git_pull", {})).toMatchObject({ updated: true, files: 1 });
    expect(await client.call("git_push", {})).toMatchObject({ pushed: true, url });
    const log = await server.git(name, "log", "--first-parent", "--format=%s", "main");
    expect(log.split("\n").at(1)).toBe("Add two");
    const other = await McpCaller.connect(rig.endpoint, "another client");
    const { recent, dirty_files: dirty } = await other.call("container_status", {});
    await other.close();
    expect(dirty).toBe(0);
    expect(recent.map(({ summary, outcome }) => `${summary} (${outcome})`).slice(0, 5)).toEqual([
      "Pushed to origin (done)",
      "Pulled origin (done)",
      "Pushed to origin (git_rejected)",
      "Committed all changes: Add two (done)",
      `Cloned ${url} into . (done)`,
    ]);
  });

  it("takes back with a checkpoint what a clone or a pull brought, and no history", async () => {
    const { name, url } = await repository();
    const { checkpoint: before } = await client.call("git_clone", { url, directory: "lib" });
    await theirs(name, "a.txt", "two\n");
    const pulled = await client.call("git_pull", { repository: "lib" });
    expect(await textOf("lib/a.txt")).toBe("two\n");
    await client.call("restore_checkpoint", { id: pulled.checkpoint ?? "none" });
    expect(await textOf("lib/a.txt")).toBe("one\n");
    const status = await client.call("git_status", { path: "lib" });
    expect(status).toMatchObject({
      commit: pulled.commit,
      modified: [{ path: "lib/a.txt", change: "modified" }],
    });
    const { removed } = await client.call("restore_checkpoint", { id: before ?? "none" });
    expect(removed).toEqual(["lib/a.txt"]);
    expect((await client.call("git_status", { path: "lib" })).modified).toEqual([
      { path: "lib/a.txt", change: "deleted" },
    ]);
    await client.call("run_command", { command: "git -C lib reset --hard" });
    expect(await textOf("lib/a.txt")).toBe("two\n");
  });

  it("leaves no checkpoint where no file changed", async () => {
    const { url } = await repository();
    await client.call("git_clone", { url, directory: "." });
    await put("a.txt", "two\n");
    const { total } = await client.call("list_checkpoints", {});
    await client.call("git_commit", { message: "Two" });
    expect(await client.call("git_push", {})).not.toHaveProperty("checkpoint");
    // What the person wrote in between belongs to the clone's.
    expect((await client.call("list_checkpoints", {})).total).toBe(total);
  });

  it("names the files in conflict, until they are resolved", async () => {
    const { name, url } = await repository();
    await client.call("git_clone", { url, directory: ".", depth: 0 });
    await put("a.txt", "mine\n");
    await client.call("git_commit", { message: "Mine" });
    await theirs(name, "a.txt", "theirs\n");
    const pulled = await client.call("git_pull", {});
    expect(pulled).toMatchObject({ status: "conflicts", conflicts: ["a.txt"] });
    const marked = client.call("git_commit", { message: "Merge" });
    await expect(marked).rejects.toThrow(/git_conflict: a\.txt still hold/);
    const { recent } = await client.call("container_status", {});
    expect(recent[1]).toMatchObject({ summary: "Pulled origin", outcome: "conflicts" });
    await put("a.txt", "both\n");
    await client.call("git_commit", { message: "Merge" });
    expect(await client.call("git_status", {})).toMatchObject({ merging: false, total: 0 });
  });

  it("refuses what is not a repository, a branch, a URL, with the next step", async () => {
    const none = client.call("git_status", {});
    await expect(none).rejects.toThrow(/not_a_repository: .*Next: Name the repository's directory/);
    const calls = [
      () => client.call("git_clone", { url: "git@github.com:octocat/Hello-World.git" }),
      () =>
        client.call("git_clone", { url: "https://me:secret@github.com/octocat/Hello-World.git" }),
      () => client.call("git_clone", { url: "--upload-pack=x" }),
      () => client.call("git_clone", { url: "https://github.com/x/y", branch: "--upload-pack=x" }),
      () => client.call("git_clone", { url: "https://github.com/x/y", depth: -1 }),
      () => client.call("git_pull", { remote: "--upload-pack=x" }),
      () => client.call("git_pull", { branch: "a..b" }),
      () => client.call("git_push", { branch: "+main", remote: "ext::sh -c x" }),
      () => client.call("git_commit", { message: " " }),
      () => client.call("git_commit", { message: "x", author: "nobody" }),
      () => client.call("git_commit", { message: "x", files: [] }),
      () => client.call("git_status", { log: 1_000 }),
    ];
    for (const call of calls) await expect(call()).rejects.toThrow(/invalid_input: (?!.*secret)/s);
    const outside = client.call("git_status", { path: "../.." });
    await expect(outside).rejects.toThrow("path_outside_workspace");
  });

  it("stops when its client cancels, and leaves nothing behind [CALL-9]", async () => {
    const { url } = await repository();
    const asked = Promise.withResolvers<void>();
    server.intercept = (request) => {
      const isPack = request.url?.endsWith("/git-upload-pack") === true;
      if (isPack) asked.resolve();
      return isPack;
    };
    const abort = new AbortController();
    const { mcp, token } = rig.endpoint;
    const canceller = new Client({ name: "canceller", version: "1" });
    const headers = { Authorization: `Bearer ${token}` };
    const requestInit = { headers };
    await canceller.connect(new StreamableHTTPClientTransport(new URL(mcp), { requestInit }));
    const told: (string | undefined)[] = [];
    const call = canceller.callTool(
      { name: "git_clone", arguments: { url, directory: "x" } },
      { signal: abort.signal, onprogress: ({ message }) => told.push(message) },
    );
    await asked.promise;
    // Who waits for it reads what git says meanwhile.
    await expect.poll(() => told.join("\n"), { timeout: 10_000 }).toContain("Cloning into");
    expect((await client.call("list_processes", {})).processes).toMatchObject([
      { command: expect.stringContaining(`git clone`) as string, status: "running" },
    ]);
    abort.abort();
    await expect(call).rejects.toThrow(/abort/i);
    await expect.poll(() => fs.readdir(root), { timeout: 10_000 }).toEqual([]);
    const { processes } = await client.call("list_processes", {});
    expect(processes.filter(({ status }) => status === "running")).toEqual([]);
    server.intercept = () => false;
    await canceller.close();
  });

  it("says that no page is open", async () => {
    await rig.closeTabs();
    await expect(client.call("git_status", {})).rejects.toThrow("tab_not_attached");
    await expect(client.call("git_push", {})).rejects.toThrow("tab_not_attached");
  });
});

describe("git through REST", () => {
  it("has the routes of its tools", async () => {
    const { name, url } = await repository();
    const route = `/git/${rig.container}`;
    const cloned = await rig.api("POST", `${route}/clone`, { url, directory: "x" });
    expect(cloned).toMatchObject({ status: 200, body: { directory: "x", files: 1 } });
    await put("x/b.txt", "b\n");
    const status = await rig.api("GET", `${route}/status?path=x&log=1&diff=true`);
    expect(status).toMatchObject({ status: 200, body: { untracked: ["x/b.txt"], diff: "" } });
    const files = ["x/b.txt"];
    const committed = await rig.api("POST", `${route}/commit`, {
      repository: "x",
      message: "Add b",
      files,
    });
    expect(committed).toMatchObject({ status: 200, body: { files, branch: "main" } });
    const nothing = { repository: "x", message: "None" };
    expect(await rig.api("POST", `${route}/commit`, nothing)).toMatchObject({
      status: 409,
      body: { code: "nothing_to_commit" },
    });
    await theirs(name, "c.txt", "c\n");
    const pulled = await rig.api("POST", `${route}/pull`, { repository: "x" });
    expect(pulled).toMatchObject({ status: 200, body: { updated: true, files: 1 } });
    const pushed = await rig.api("POST", `${route}/push`, { repository: "x" });
    expect(pushed).toMatchObject({ status: 200, body: { pushed: true, url } });
    const missing = await rig.api("POST", `${route}/clone`, { url: server.local("none.git") });
    expect(missing).toMatchObject({ status: 404, body: { code: "repository_not_found" } });
    const again = await rig.api("POST", `${route}/clone`, { url, directory: "x" });
    expect(again).toMatchObject({ status: 409, body: { code: "already_exists" } });
  });
});
