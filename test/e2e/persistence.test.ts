import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { type BrowserContext, chromium, type Page } from "playwright";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { chromiumArgs, findChromium } from "#scripts/chromium.ts";
import { type PersonDisco, startPersonDisco } from "#test/support/person-disco.ts";
import { processesOf } from "#test/support/profile-processes.ts";

let disco: PersonDisco;
let profile: string;
let context: BrowserContext;
let page: Page;

const sandbox = () => disco.sandboxUrl.replace(/#.*/, "");
const status = (of: Page) => of.getByRole("status").first();
const untilReady = (of: Page) =>
  status(of).filter({ hasText: "Ready" }).waitFor({ timeout: 30_000 });
const untilSaved = (of: Page) =>
  of.getByRole("button", { name: "Storage: Saved" }).waitFor({ timeout: 15_000 });

async function launch(): Promise<BrowserContext> {
  const { executablePath, env } = await findChromium();
  return await chromium.launchPersistentContext(profile, {
    executablePath,
    args: chromiumArgs,
    env: { ...process.env, ...env },
  });
}

async function api(route: string, init: RequestInit = {}): Promise<Response> {
  return await fetch(disco.api + route, {
    ...init,
    headers: { Authorization: `Bearer ${disco.token}`, "Content-Type": "application/json" },
  });
}

async function write(file: string, content: string): Promise<void> {
  const body = JSON.stringify({ path: file, content });
  const answer = await api("/files/current", { method: "PUT", body });
  if (!answer.ok) throw new Error(await answer.text());
}

async function read(file: string): Promise<string | null> {
  const answer = await api(`/files/current/content?path=${encodeURIComponent(file)}`);
  if (answer.status === 404) return null;
  const { text } = (await answer.json()) as { text: string };
  return text;
}

beforeAll(async () => {
  disco = await startPersonDisco();
  profile = await mkdtemp(path.join(tmpdir(), "disco-profile-"));
  context = await launch();
  page = await context.newPage();
  await page.goto(disco.sandboxUrl);
  await untilReady(page);
});
afterAll(async () => {
  await context.close();
  await disco.stop();
  await rm(profile, { recursive: true, force: true });
});

describe("the container's files", () => {
  it("are all there after a reload, the one written just before too", async () => {
    await write("kept/early.txt", "early\n");
    await untilSaved(page);
    await write("kept/late.txt", "late\n");
    await page.reload();
    await untilReady(page);
    expect(await read("kept/early.txt")).toBe("early\n");
    expect(await read("kept/late.txt")).toBe("late\n");
    await page.getByRole("button", { name: "Storage: Saved" }).click();
    await page.getByText(/2 files \(11 B\) came back in \d+ ms/).waitFor();
    await page.getByRole("button", { name: "Close", exact: true }).click();
  });

  it("go to the second tab that takes over, and back [HELLO-4]", async () => {
    await write("kept/first.txt", "from the first\n");
    const second = await context.newPage();
    await second.goto(sandbox());
    await untilReady(second);
    await status(page).filter({ hasText: "Open in another tab" }).waitFor();
    expect(await read("kept/first.txt")).toBe("from the first\n");
    await write("kept/second.txt", "from the second\n");
    await page.getByRole("button", { name: "Run it here" }).first().click();
    await untilReady(page);
    await status(second).filter({ hasText: "Open in another tab" }).waitFor();
    expect(await read("kept/second.txt")).toBe("from the second\n");
    await second.close();
  });

  const labelsOf = async (pages: readonly Page[]) =>
    (await Promise.all(pages.map((one) => status(one).textContent()))).map(String).toSorted();

  it("are one tab's when several open at the same moment [HELLO-4]", async () => {
    await write("kept/many.txt", "of one\n");
    const others = [await context.newPage(), await context.newPage()];
    await Promise.all(others.map((one) => one.goto(sandbox())));
    const given = ["Open in another tab", "Open in another tab", "Ready"];
    await expect.poll(() => labelsOf([page, ...others]), { timeout: 30_000 }).toEqual(given);
    // Nobody takes it back by itself.
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    expect(await labelsOf([page, ...others])).toEqual(given);
    expect(await read("kept/many.txt")).toBe("of one\n");
    for (const other of others) await other.close();
    await page.getByRole("button", { name: "Run it here" }).first().click();
    await untilReady(page);
    expect(await read("kept/many.txt")).toBe("of one\n");
  });

  it("leave as a zip", async () => {
    await page.getByRole("button", { name: "Storage: Saved" }).click();
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "Export as zip" }).click(),
    ]);
    expect(download.suggestedFilename()).toMatch(/\.zip$/);
    await page.getByRole("button", { name: "Close", exact: true }).click();
  });

  it("are of one moment when the browser is killed while it writes", async () => {
    // Each pair is written in this order: a state may lack the end, never the middle.
    let last = 0;
    const writing = (async () => {
      for (let turn = 1; turn <= 400; turn += 1) {
        await write("pair/a.txt", `${turn}\n`);
        await write("pair/b.txt", `${turn}\n`);
        last = turn;
      }
    })().catch(() => {});
    await expect.poll(() => last, { timeout: 30_000 }).toBeGreaterThan(20);
    await new Promise((resolve) => setTimeout(resolve, 6_000));
    // Chromium itself writes cookies every 30 s only; the sign-in is not what is proved here.
    const cookies = await context.cookies();
    const processes = await processesOf(profile);
    // The browser's own process; those of its pages end with it.
    expect(processes.length).toBeGreaterThan(0);
    for (const pid of processes) process.kill(pid, "SIGKILL");
    await context.close().catch(() => {});
    await writing;
    context = await launch();
    await context.addCookies(cookies);
    page = await context.newPage();
    await page.goto(sandbox());
    await untilReady(page);
    const a = Number(await read("pair/a.txt"));
    const b = Number(await read("pair/b.txt"));
    expect(a === b || a === b + 1).toBe(true);
    // Under constant change a save comes every 5 s at least.
    expect(b).toBeGreaterThan(0);
    expect(await read("kept/late.txt")).toBe("late\n");
    await untilSaved(page);
  });

  it("are gone after a reset, and only then", async () => {
    await page.getByRole("button", { name: "Storage: Saved" }).click();
    await page.getByRole("button", { name: "Reset …" }).click();
    await page.getByRole("button", { name: "Delete all files" }).click();
    await untilReady(page);
    await expect.poll(() => read("kept/late.txt"), { timeout: 15_000 }).toBeNull();
  });
});
