import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Browser, BrowserContext, Page } from "playwright";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CALL_TIMEOUT_DEFAULT_MS } from "#protocol/limits.ts";
import { launchBrowser, watchErrors } from "#test/support/browser.ts";
import { type PersonDisco, startPersonDisco } from "#test/support/person-disco.ts";

let disco: PersonDisco;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let errors: string[];

const sandbox = () => disco.sandboxUrl.replace(/#.*/, "");
const status = (of: Page) => of.getByRole("status").first();

async function untilReady(of: Page): Promise<void> {
  await status(of).filter({ hasText: "Ready" }).waitFor({ timeout: 30_000 });
}

async function api(path: string, init: RequestInit = {}): Promise<Response> {
  return await fetch(disco.api + path, {
    ...init,
    headers: { Authorization: `Bearer ${disco.token}`, "Content-Type": "application/json" },
  });
}

const write = (path: string, content: string) =>
  api("/files/current", { method: "PUT", body: JSON.stringify({ path, content }) });

beforeAll(async () => {
  disco = await startPersonDisco();
  browser = await launchBrowser();
  context = await browser.newContext();
  page = await context.newPage();
  errors = watchErrors(page);
});
afterAll(async () => {
  await browser.close();
  await disco.stop();
});

describe("npm start", () => {
  it("greets with every URL, the token, and who it serves", () => {
    const { port } = new URL(disco.mcp);
    expect(disco.sandboxUrl).toMatch(new RegExp(`^http://disco.localhost:${port}/sandbox#claim=`));
    expect(disco.mcp).toBe(`http://localhost:${port}/mcp`);
    expect(disco.api).toBe(`http://localhost:${port}/api/v1`);
    expect(disco.docs).toBe(`http://localhost:${port}/docs`);
    expect(disco.token).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/);
    expect(disco.greeting).toMatch(/this machine only/);
  });

  it("answers soon and with the URL to open while no page is open [END-5]", async () => {
    const started = performance.now();
    const answer = await api("/files/current");
    expect(performance.now() - started).toBeLessThan(CALL_TIMEOUT_DEFAULT_MS / 3);
    expect(answer.status).toBe(503);
    expect(await answer.json()).toMatchObject({
      code: "tab_not_attached",
      details: { open_url: sandbox() },
    });
  });
});

describe("the sandbox page", () => {
  it("signs in by its link, takes the claim out of the address, and gets ready", async () => {
    await page.goto(sandbox());
    await status(page).filter({ hasText: "Signed out" }).waitFor();
    // In the same tab, where only the fragment is new.
    await page.goto(disco.sandboxUrl);
    await untilReady(page);
    expect(page.url()).toBe(sandbox());
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
  });

  it("has a terminal that runs what is typed", async () => {
    const rows = page.locator(".xterm-rows").first();
    await page.locator(".xterm").first().click();
    await expect.poll(() => rows.textContent(), { timeout: 15_000 }).toMatch(/[$#%>]/);
    await page.keyboard.type("echo $((6 * 7))-from-typing\n");
    await expect.poll(() => rows.textContent(), { timeout: 15_000 }).toContain("42-from-typing");
  });

  it("shows what a call wrote, and the call", async () => {
    expect((await write("notes/from-a-call.txt", "hello\n")).status).toBe(200);
    await page.locator("[data-activity-row]").filter({ hasText: "from-a-call.txt" }).waitFor();
    const tree = page.getByRole("tree", { name: "Files" });
    const folder = tree.getByRole("treeitem", { name: "notes" });
    await folder.waitFor();
    if ((await folder.getAttribute("aria-expanded")) !== "true") await folder.click();
    await tree.getByRole("treeitem", { name: "from-a-call.txt" }).waitFor();
  });

  it("takes a call back, and brings it again", async () => {
    expect((await write("taken-back.txt", "hello\n")).status).toBe(200);
    const answer = async () => (await api("/files/current/content?path=taken-back.txt")).status;
    await page.getByRole("button", { name: "Undo: Wrote taken-back.txt" }).click();
    await expect.poll(answer).toBe(404);
    await page.getByRole("button", { name: "Redo: Wrote taken-back.txt" }).click();
    await expect.poll(answer).toBe(200);
  });

  it("shares one container between the person and the caller", async () => {
    await page.locator(".xterm").first().click();
    await page.keyboard.type("echo typed > typed.txt\n");
    await expect
      .poll(async () => (await api("/files/current/content?path=typed.txt")).status, {
        timeout: 15_000,
      })
      .toBe(200);
    const answer = await api("/files/current/content?path=typed.txt");
    expect(await answer.json()).toMatchObject({ text: "typed\n" });
  });

  it("gives way to a second tab, and takes the container back [HELLO-4]", async () => {
    const second = await context.newPage();
    await second.goto(sandbox());
    await untilReady(second);
    await status(page).filter({ hasText: "Open in another tab" }).waitFor();
    await page.getByRole("button", { name: "Run it here" }).first().click();
    await untilReady(page);
    await status(second).filter({ hasText: "Open in another tab" }).waitFor();
    const answer = await api("/files/current/content?path=typed.txt");
    expect(await answer.json()).toMatchObject({ text: "typed\n" });
    await second.close();
  });

  it("is ready again after a reload, without the link", async () => {
    await page.reload();
    await untilReady(page);
    expect((await api("/files/current")).status).toBe(200);
  });

  it("cannot be reached by a page of another origin, even of the same site [OPEN-2]", async () => {
    const server = createServer((_, response) => {
      response.setHeader("Content-Type", "text/html");
      response.end("<!doctype html><title>Another page</title>");
    });
    await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const foreign = await context.newPage();
    try {
      await foreign.goto(`http://evil.disco.localhost:${port}/`);
      const origin = new URL(disco.sandboxUrl).origin;
      const { container } = (await (await api("/containers/current")).json()) as {
        container: string;
      };
      const reached = await foreign.evaluate(tryToAttach, { origin, container });
      expect(reached).toEqual({ identity: "refused", ticket: "refused", socket: "closed" });
      expect((await api("/files/current")).status).toBe(200);
    } finally {
      await foreign.close();
      server.close();
    }
  });

  it("raised no error all the while", () => {
    // The first visit asked who it is, and was not signed in yet.
    expect(errors.filter((error) => !/401.*\/auth\/me$/.test(error))).toEqual([]);
  });

  it("is missed at once when it is closed [END-5]", async () => {
    await page.close();
    const stateNow = async (): Promise<string> => {
      const answer = await api("/containers/current");
      return ((await answer.json()) as { state: string }).state;
    };
    // The first look may have asked the tab something just before it went, for a second.
    await expect.poll(stateNow, { timeout: 5_000 }).toBe("waiting_for_tab");
    const started = performance.now();
    const answer = await api("/files/current");
    expect(performance.now() - started).toBeLessThan(CALL_TIMEOUT_DEFAULT_MS / 3);
    expect(await answer.json()).toMatchObject({ code: "tab_not_attached" });
  });
});

/** Runs in the foreign page, which the browser lets send the cookie of its own site. */
async function tryToAttach({ origin, container }: { origin: string; container: string }) {
  const read = (path: string, init: RequestInit) =>
    fetch(origin + path, { credentials: "include", ...init }).then(
      (response) => `read with status ${response.status}`,
      () => "refused",
    );
  const identity = await read("/auth/me", {});
  const ticket = await read("/auth/tickets", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ container }),
  });
  const socket = await new Promise<string>((resolve) => {
    const url = `${origin.replace("http", "ws")}/relay/${container}`;
    const attempt = new WebSocket(url, ["disco.v1", "disco.ticket.none"]);
    attempt.addEventListener("open", () => resolve("open"));
    attempt.addEventListener("close", () => resolve("closed"));
  });
  return { identity, ticket, socket };
}
