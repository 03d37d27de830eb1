import { mkdtemp, readlink, rm, symlink } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import path from "node:path";
import { setTimeout } from "node:timers/promises";
import type { Browser } from "playwright";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DiscoProcess } from "#scripts/disco/disco-process.ts";
import { launchBrowser } from "#test/support/browser.ts";
import { descendantsOf, expectGone } from "#test/support/disco-process.ts";

/** Milliseconds after which a change is saved for sure: the longest time between two saves. */
const SAVED_AFTER_MS = 5_000;

let state: string;
let disco: DiscoProcess;

async function api(route: string, init: RequestInit = {}): Promise<Response> {
  return await fetch(disco.ready.api + route, {
    ...init,
    headers: { Authorization: `Bearer ${disco.ready.token}`, "Content-Type": "application/json" },
  });
}

async function write(file: string, content: string): Promise<void> {
  const body = JSON.stringify({ path: file, content });
  expect((await api("/files/current", { method: "PUT", body })).status).toBe(200);
}

async function read(file: string): Promise<string> {
  const answer = await api(`/files/current/content?path=${encodeURIComponent(file)}`);
  return ((await answer.json()) as { text: string }).text;
}

async function killAll(pids: readonly number[]): Promise<void> {
  for (const pid of pids) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // It ended with one of the others.
    }
  }
  await expectGone(pids);
}

beforeAll(async () => {
  state = await mkdtemp(path.join(tmpdir(), "disco-files-"));
  disco = await DiscoProcess.start(state);
});
afterAll(async () => {
  await disco.stop();
  await rm(state, { recursive: true });
});

describe("the files of a headless Disco", () => {
  it("are there after SIGTERM and a new start, at the same address", async () => {
    const before = disco.ready.origin;
    await write("kept/early.txt", "early\n");
    // Nothing is waited for: who stops Disco has it save what it has just answered for.
    await write("kept/late.txt", "late\n");
    expect(await disco.stop("SIGTERM")).toBe(0);
    disco = await DiscoProcess.start(state);
    expect(disco.ready.origin).toBe(before);
    expect(await read("kept/early.txt")).toBe("early\n");
    expect(await read("kept/late.txt")).toBe("late\n");
  });

  it("are there after all its processes were killed", async () => {
    await write("kept/killed.txt", "before the kill\n");
    await setTimeout(SAVED_AFTER_MS);
    await killAll([disco.pid, ...(await descendantsOf(disco.pid))]);
    disco = await DiscoProcess.start(state);
    expect(await read("kept/killed.txt")).toBe("before the kill\n");
    expect(await read("kept/late.txt")).toBe("late\n");
  });

  it("are there when what it started outlived it", async () => {
    const { origin } = disco.ready;
    await write("kept/orphan.txt", "still here\n");
    await setTimeout(SAVED_AFTER_MS);
    const started = await descendantsOf(disco.pid);
    // The boot script and start.ts die; the worker keeps port and storage until somebody ends it.
    await killAll([disco.pid, ...started.slice(0, 1)]);
    disco = await DiscoProcess.start(state);
    await expectGone(started);
    expect(disco.ready.origin).toBe(origin);
    expect(await read("kept/orphan.txt")).toBe("still here\n");
  });

  it("are there when the profile's lock names another machine", async () => {
    await disco.stop();
    const lock = path.join(state, "browser/SingletonLock");
    await symlink(`${hostname()}-of-yesterday-1`, lock);
    disco = await DiscoProcess.start(state);
    expect(await read("kept/orphan.txt")).toBe("still here\n");
    // Not every Chromium makes a lock; none may be the one of yesterday.
    expect(await readlink(lock).catch(() => "")).not.toContain("yesterday");
  });
});

describe("a headless tab that was taken over", () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser.close());

  it("comes back when the other tab has gone, and not before [HELLO-4]", async () => {
    const page = await browser.newPage();
    await page.goto(disco.ready.sandboxUrl);
    const ready = page.getByRole("status").filter({ hasText: "Ready" }).first();
    await ready.waitFor({ timeout: 30_000 });
    await write("whose.txt", "the person's\n");
    // Longer than the headless tab waits for one that has gone.
    await setTimeout(8_000);
    expect(await ready.isVisible()).toBe(true);
    expect(await read("whose.txt")).toBe("the person's\n");
    await page.close();
    // The person's browser had files of its own: it is the headless one that answers.
    await expect.poll(() => read("kept/orphan.txt"), { timeout: 30_000 }).toBe("still here\n");
  });
});
