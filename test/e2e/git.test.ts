import type { Browser, Page } from "playwright";
import { afterAll, beforeAll, expect, it } from "vitest";
import { McpCaller } from "#scripts/disco/mcp-caller.ts";
import { launchBrowser, watchErrors } from "#test/support/browser.ts";
import { GitServer } from "#test/support/git-server.ts";
import { type PersonDisco, runIn, startPersonDisco } from "#test/support/person-disco.ts";

/** The whole product with a real remote: what git is refused, the person allows, and then it works. */
let disco: PersonDisco;
let browser: Browser;
let page: Page;
let server: GitServer;
let errors: string[];

const run = (command: string) => runIn(disco, command);

const dialog = () => page.getByRole("dialog", { name: "Network" });

/** Opens the dialog, and allows what git has asked for. */
async function allow(what: string): Promise<void> {
  await page.getByRole("button", { name: /^Network: .* asked for$/ }).click();
  const name = `Allow ${what} ${server.url("notes")}`;
  await dialog().getByRole("button", { name, disabled: false }).click();
  await dialog()
    .getByRole("button", { name: `Revoke ${server.url("notes")}` })
    .waitFor();
  await dialog().getByRole("button", { name: "Close" }).click();
}

beforeAll(async () => {
  server = await GitServer.start();
  await server.createWithCommit("notes.git");
  disco = await startPersonDisco();
  browser = await launchBrowser();
  page = await (await browser.newContext({ viewport: { width: 1_280, height: 800 } })).newPage();
  errors = watchErrors(page);
  await page.goto(disco.sandboxUrl);
  const status = page.getByRole("status").first();
  await status.filter({ hasText: "Ready" }).waitFor({ timeout: 30_000 });
});
afterAll(async () => {
  await browser?.close();
  await disco?.stop();
  await server?.close();
});

it("clones, commits, pushes and pulls, each as soon as the person allows it", async () => {
  await run("git config --global user.name Ada; git config --global user.email ada@example.com");
  const refused = await run(`git clone ${server.url("notes.git")}`);
  expect(refused.exit_code).toBe(128);
  expect(refused.stderr).toMatch(
    /Allow it in the page under Network[\s\S]*reason=host_not_allowed/,
  );
  await allow("reading");
  const cloned = await run(`git clone ${server.url("notes.git")}`);
  expect([cloned.exit_code, cloned.stderr]).toEqual([0, "Cloning into 'notes'...\n"]);

  await run("cd notes && echo one > a.txt && git add . && git commit -qm 'From the tab'");
  const unpushed = await run("cd notes && git push");
  expect(unpushed.exit_code).toBe(128);
  expect(unpushed.stderr).toMatch(
    /Pushing to \S+\/notes has not been granted[\s\S]*push_not_granted/,
  );
  await allow("pushing to");
  const pushed = await run("cd notes && git push");
  expect([pushed.exit_code, pushed.stderr]).toEqual([
    0,
    expect.stringMatching(/^To \S+\n {3}\w{7}\.\.\w{7} {2}main -> main\n$/),
  ]);
  expect(await server.git("notes.git", "log", "--format=%s", "main")).toBe("From the tab\nFirst\n");

  await server.git("notes.git-work", "pull", "-q", "origin", "main");
  await server.git("notes.git-work", "commit", "-q", "--allow-empty", "-m", "From elsewhere");
  await server.git("notes.git-work", "push", "-q", "origin", "HEAD:main");
  const pulled = await run("cd notes && git pull -q && git status -sb && git log --format=%s");
  expect(pulled).toMatchObject({
    exit_code: 0,
    stdout: "## main...origin/main\nFrom elsewhere\nFrom the tab\nFirst\n",
    stderr: "",
  });
  expect(await server.git("notes.git", "fsck", "--strict", "--no-dangling")).toBe("");
  expect(errors.filter((error) => !error.includes("403"))).toEqual([]);
});

it("does the same by one call each, and tells the next client of it", async () => {
  const caller = await McpCaller.connect(disco, "git e2e");
  const url = server.url("notes.git");
  const cloned = await caller.call("git_clone", { url, directory: "by-tool" });
  expect(cloned).toMatchObject({ status: "done", branch: "main", process_id: null });
  await caller.call("write_file", { path: "by-tool/b.txt", content: "two\n" });
  const { repository, files } = { repository: "by-tool", files: ["by-tool/b.txt"] };
  const made = await caller.call("git_commit", { repository, files, message: "By a tool" });
  expect(made.stats).toEqual({ files: 1, insertions: 1, deletions: 0 });
  expect(await caller.call("git_push", { repository })).toMatchObject({ pushed: true, url });
  expect((await server.git("notes.git", "rev-parse", "main")).trim()).toBe(made.commit);
  const status = await caller.call("git_status", { path: repository, log: 1 });
  expect(status).toMatchObject({ total: 0, ahead: 0, log: [{ subject: "By a tool" }] });
  const { recent } = await caller.call("container_status", {});
  expect(recent.slice(0, 2).map(({ summary }) => summary)).toEqual([
    "Pushed to origin",
    "Committed by-tool/b.txt: By a tool",
  ]);
  await caller.close();
});
