import type { Browser, BrowserContext, Page } from "playwright";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launchBrowser, runtimeFrame } from "#test/support/browser.ts";
import { type PersonDisco, startPersonDisco } from "#test/support/person-disco.ts";

let disco: PersonDisco;
let browser: Browser;
let context: BrowserContext;
let own: Page;

const status = (of: Page) => of.getByRole("status").first();
const shows = (of: Page, text: string) =>
  status(of).filter({ hasText: text }).waitFor({ timeout: 30_000 });

async function api(method: string, route: string, body?: object) {
  const answer = await fetch(disco.api + route, {
    method,
    headers: { Authorization: `Bearer ${disco.token}`, "Content-Type": "application/json" },
    ...(body && { body: JSON.stringify(body) }),
  });
  return (await answer.json()) as Record<string, string> & { entries: { path: string }[] };
}

const write = (container: string, path: string) =>
  api("PUT", `/files/${container}`, { path, content: container });
const namesIn = async (container: string) =>
  (await api("GET", `/files/${container}`)).entries.map(({ path }) => path);

async function open(url: string): Promise<Page> {
  const page = await context.newPage();
  await page.goto(url);
  return page;
}

/** Every place on the runtime's origin that is named after the container. */
async function keptOf(container: string): Promise<string[]> {
  return await runtimeFrame(own).evaluate(async (id) => {
    const databases = (await indexedDB.databases()).map(({ name = "" }) => name);
    const root = await navigator.storage.getDirectory();
    const containers = await root.getDirectoryHandle("disco-containers", { create: true });
    const directories: string[] = [];
    for await (const name of containers.keys()) directories.push(name);
    return [...databases, ...directories].filter((name) => name.includes(id));
  }, container);
}

beforeAll(async () => {
  disco = await startPersonDisco();
  browser = await launchBrowser();
  context = await browser.newContext();
  own = await open(disco.sandboxUrl);
  await shows(own, "Ready");
});
afterAll(async () => {
  await browser.close();
  await disco.stop();
});

describe("a second container", () => {
  it("runs beside the first, and takes its files along when it is deleted [GONE-3]", async () => {
    const { container = "", open_url: url = "" } = await api("POST", "/containers", {
      name: "Second project",
    });
    const second = await open(url);
    await shows(second, "Ready");
    expect(await second.title()).toBe("Second project · Disco");
    await Promise.all([write("current", "own.txt"), write(container, "second.txt")]);
    expect([await namesIn("current"), await namesIn(container)]).toEqual([
      ["own.txt"],
      ["second.txt"],
    ]);
    await shows(own, "Ready");
    await expect.poll(() => keptOf(container), { timeout: 10_000 }).toHaveLength(2);

    await api("DELETE", `/containers/${container}`);
    await second.getByRole("heading", { name: "Deleted" }).waitFor();
    await expect.poll(() => keptOf(container), { timeout: 10_000 }).toEqual([]);
    expect(await namesIn("current")).toEqual(["own.txt"]);
    await second.close();
  });

  it("is deleted in the browser when its page comes back later, too [GONE-3]", async () => {
    const { container = "", open_url: url = "" } = await api("POST", "/containers", {});
    const second = await open(url);
    await shows(second, "Ready");
    await write(container, "left.txt");
    await second.close({ runBeforeUnload: true });
    await expect.poll(() => keptOf(container), { timeout: 10_000 }).toHaveLength(2);
    await api("DELETE", `/containers/${container}`);
    const again = await open(url);
    await again.getByRole("heading", { name: "Deleted" }).waitFor();
    await expect.poll(() => keptOf(container), { timeout: 30_000 }).toEqual([]);
    await again.close();
  });

  it("is deleted by the person's next page in this browser, whichever it is [GONE-3]", async () => {
    const { container = "", open_url: url = "" } = await api("POST", "/containers", {});
    const kept = await api("POST", "/containers", { name: "kept" });
    for (const address of [url, kept["open_url"] ?? ""]) {
      const page = await open(address);
      await shows(page, "Ready");
      await page.close({ runBeforeUnload: true });
    }
    await api("DELETE", `/containers/${container}`);
    expect(await keptOf(container)).not.toEqual([]);
    await own.reload();
    await shows(own, "Ready");
    await expect.poll(() => keptOf(container), { timeout: 10_000 }).toEqual([]);
    expect(await keptOf(kept["container"] ?? "")).not.toEqual([]);
    expect(await namesIn("current")).toEqual(["own.txt"]);
  });

  it("of somebody else does not open", async () => {
    const page = await open(`${new URL(own.url()).origin}/sandbox?container=c_${"0".repeat(32)}`);
    await page.getByRole("heading", { name: "No such container" }).waitFor();
    await page.getByRole("button", { name: "Open your own container" }).click();
    await shows(page, "Ready");
    expect(new URL(page.url()).search).toBe("");
    await page.close();
  });
});
