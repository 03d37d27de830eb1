import { afterEach, describe, expect, it, vi } from "vitest";
import type { TabOpening } from "#sandbox/tab/page-api.ts";
import {
  byRole,
  textOf,
  type MountedPage,
  mountPage,
  mountReady,
  tick,
} from "../support/mounted-page.ts";
import { config } from "../support/scripted-tab.ts";

let mounted: MountedPage | undefined;
afterEach(() => mounted?.unmount());

const favicon = () => document.querySelector<HTMLLinkElement>('link[rel="icon"]')?.href;

describe("each state of the page", () => {
  it("boot: one sentence, and stages with times as they happen", async () => {
    mounted = await mountPage();
    await tick();
    mounted.tab.link({ state: "connecting", attempt: 1 });
    mounted.tab.booting("Loading the runtime");
    const stages = byRole("list", "What is starting");
    await expect.poll(textOf(stages)).toMatch(/Opening.*\d+ ms.*Connecting.*Loading the runtime/);
    await expect.element(byRole("heading", "Your AI's machine, in this tab")).toBeVisible();
    expect(document.title).toBe("Loading the runtime · my-container · Disco");
    mounted.tab.attached();
    mounted.tab.ready();
    await expect.element(byRole("heading", "No calls yet")).toBeVisible();
    expect(document.title).toBe("my-container · Disco");
  });

  it("empty: teaches the MCP URL and a first request", async () => {
    mounted = await mountReady();
    const written = vi.spyOn(navigator.clipboard, "writeText").mockResolvedValue();
    await byRole("button", "Copy MCP URL").click();
    expect(written).toHaveBeenCalledWith(config.mcp_url);
    await byRole("tab", "curl").click();
    await expect.poll(textOf(byRole("tabpanel", "curl"))).toMatch("/terminal/current/execute");
    written.mockRestore();
  });

  it("reconnecting: says what works, counts down, tries at once when asked", async () => {
    mounted = await mountReady();
    const icon = favicon();
    const retryAt = Date.now() + 8_000;
    mounted.tab.link({ state: "reconnecting", attempt: 2, retryAt, reason: "no heartbeat" });
    const alert = byRole("alert");
    await expect.poll(textOf(alert)).toMatch(/lost \(no heartbeat\).*Nothing was lost/);
    expect(mounted.root.textContent).toMatch(/Next try in [78] s/);
    expect(document.title).toMatch(/^Reconnecting/);
    expect(favicon()).not.toBe(icon);
    await byRole("button", "Try now").click();
    expect(mounted.tab.asked).toEqual(["reconnect"]);
    mounted.tab.attached();
    await expect.element(alert).not.toBeInTheDocument();
  });

  it("taken over: one button takes it back", async () => {
    mounted = await mountReady();
    mounted.tab.link({ state: "taken_over" });
    await expect.poll(textOf(byRole("alert"))).toMatch(/Another tab runs this container/);
    await byRole("button", "Run it here").click();
    expect(mounted.tab.asked).toEqual(["take_back"]);
  });

  it("version changed: offers the reload and says what it costs", async () => {
    mounted = await mountReady();
    mounted.tab.link({ state: "version_changed" });
    await expect.poll(textOf(byRole("alert"))).toMatch(/updated.*lost by a reload/);
    await expect.element(byRole("button", "Reload")).toBeVisible();
  });

  it("runtime error: says what is left of the files", async () => {
    mounted = await mountReady();
    mounted.tab.failed("out of memory");
    await expect
      .poll(textOf(byRole("alert")))
      .toMatch(/out of memory.*reloading restores what was saved/);
    await expect.element(byRole("button", "Reload")).toBeVisible();
  });

  it("offline: the container goes on, clients cannot reach it", async () => {
    mounted = await mountReady();
    vi.spyOn(navigator, "onLine", "get").mockReturnValue(false);
    dispatchEvent(new Event("offline"));
    mounted.tab.link({ state: "reconnecting", attempt: 1, retryAt: Date.now(), reason: "closed" });
    await expect.poll(textOf(byRole("alert"))).toMatch(/offline.*go on working here/);
    vi.restoreAllMocks();
    dispatchEvent(new Event("online"));
    await expect.poll(textOf(byRole("alert"))).toMatch(/connection was lost/);
  });

  const stops: [TabOpening, RegExp][] = [
    [{ state: "signed_out", config }, /not signed in.*link that npm start printed/],
    [{ state: "unsupported", missing: ["SharedArrayBuffer"] }, /lacks: SharedArrayBuffer/],
    [{ state: "unreachable", message: "refused" }, /could not reach its worker: refused/],
  ];
  it.each(stops)("stops at %j and says the one thing to do", async (opening, words) => {
    mounted = await mountPage({ opening });
    await expect.poll(textOf(byRole("alert"))).toMatch(words);
    await expect.element(byRole("heading", "Activity")).not.toBeInTheDocument();
  });
});
