import { randomBytes } from "node:crypto";
import fs from "node:fs/promises";
import path from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { systemClock } from "#sandbox/connection/clock.ts";
import { openSocket } from "#sandbox/connection/socket.ts";
import { fetchTicket } from "#sandbox/connection/ticket.ts";
import { tabHandlers } from "#sandbox/dispatch/tab-handlers.ts";
import { MemoryJournal } from "#sandbox/journal/storage.ts";
import type { PortEvent, Runtime } from "#sandbox/runtime/runtime.ts";
import { Attachment } from "#sandbox/tab/attachment.ts";
import type { LinkState, TabEvent } from "#sandbox/tab/events.ts";
import { fetchConfig, identify } from "#sandbox/tab/sign-in.ts";
import { EdgeRig, TEST_SECRET } from "#test/support/edge-rig.ts";
import { bootNodeRuntime } from "#test/support/node-runtime.ts";
import { actAsPage, type PageGlobals } from "#test/support/page-globals.ts";
import { mintLocalClaim } from "#worker/identity/tokens.ts";

/** The tab's own code against the real worker and relay; its runtime is this machine's bash. */
let rig: EdgeRig;
let page: PageGlobals;
let container: string;
const open: { tab: Attachment; runtime: Runtime }[] = [];

beforeAll(async () => {
  rig = await EdgeRig.start();
  page = actAsPage(rig.page, rig.worker.url);
  const identity = await identify(await mintLocalClaim(TEST_SECRET));
  container = identity?.container.id ?? "nobody is signed in";
});
afterEach(async () => {
  for (const { tab, runtime } of open.splice(0)) {
    tab.stop();
    await runtime.dispose();
  }
});
afterAll(async () => {
  page.restore();
  await rig.close();
});

async function startTab() {
  const runtime = await bootNodeRuntime();
  const events: TabEvent[] = [];
  const tab = new Attachment({
    container,
    clock: systemClock,
    random: Math.random,
    fetchTicket,
    openSocket,
    handlers: tabHandlers,
    storage: new MemoryJournal(),
    tell: (event) => events.push(event),
  });
  open.push({ tab, runtime });
  await tab.start();
  const link = (): LinkState | undefined =>
    events.flatMap((event) => (event.kind === "link" ? [event.link] : [])).at(-1);
  return { tab, runtime, events, link };
}

async function readyTab() {
  const started = await startTab();
  started.tab.ready(started.runtime);
  await reached(started.link, "attached");
  return started;
}

async function reached(link: () => LinkState | undefined, state: LinkState["state"]) {
  await vi.waitFor(() => expect(link()?.state).toBe(state), { timeout: 8_000, interval: 10 });
}

async function api(method: string, route: string, body?: object) {
  const response = await rig.api(`/api/v1${route}`, {
    method,
    ...(body
      ? { body: JSON.stringify(body), headers: { "Content-Type": "application/json" } }
      : {}),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}
const execute = (command: string, more: object = {}) =>
  api("POST", `/terminal/${container}/execute`, { command, ...more });

describe("a whole tab", () => {
  it("tells callers what listens, and where the browser shows it [STATE-1]", async () => {
    const { tab, runtime, link } = await startTab();
    const listeners = new Set<(event: PortEvent) => void>();
    tab.ready({
      ...runtime,
      onPort: (listener) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    });
    await reached(link, "attached");
    const previews = async () => (await api("GET", `/containers/${container}`)).body["previews"];
    const tell = (type: PortEvent["type"], port: number): void => {
      for (const listener of listeners) listener({ type, port, pid: 2 });
    };
    expect(await previews()).toEqual([]);
    tell("opened", 5_173);
    tell("opened", 3_000);
    const at = (port: number) => ({
      port,
      url: `http://p${port}.disco.localhost:${rig.worker.url.port}/`,
    });
    await vi.waitFor(async () => expect(await previews()).toEqual([at(3_000), at(5_173)]));
    tell("closed", 3_000);
    await vi.waitFor(async () => expect(await previews()).toEqual([at(5_173)]));
  });

  it("writes, reads and runs [CALL-1] [CALL-3] [OPEN-1]", async () => {
    const { runtime, events } = await readyTab();
    const content = "b\na\n";
    const written = await api("PUT", `/files/${container}`, { path: "src/x.txt", content });
    expect(written.status).toBe(200);
    expect(await fs.readFile(path.join(runtime.root, "src/x.txt"), "utf8")).toBe(content);
    const sorted = await execute("sort src/x.txt; pwd");
    expect(sorted.body).toMatchObject({ exit_code: 0, stdout: `a\nb\n${runtime.root}\n` });
    const read = await api("GET", `/files/${container}/content?path=src/x.txt`);
    expect(read.body).toMatchObject({ text: content, hash: written.body["hash"] });
    const kinds = events.flatMap((event) => (event.kind === "call" ? [event.call.type] : []));
    expect(kinds.filter((kind) => kind !== "output")).toEqual(
      ["started", "ended"].concat(["started", "ended"], ["started", "ended"]),
    );
    expect(kinds.indexOf("output")).toBe(3);
  });

  it("carries what needs many fragments, both ways [FRAG-1] [FRAG-2]", async () => {
    await readyTab();
    const content = randomBytes(3_000_000).toString("base64");
    const body = { path: "large.bin", content, encoding: "base64" };
    const [written] = await Promise.all([api("PUT", `/files/${container}`, body), execute("true")]);
    expect(written).toMatchObject({ status: 200, body: { bytes: 3_000_000 } });
    const read = await api("GET", `/files/${container}/content?path=large.bin`);
    expect(read.body["text"] === content).toBe(true);
  });

  it("refuses what the catalogue says, with its status", async () => {
    await readyTab();
    const missing = await api("GET", `/files/${container}/content?path=nowhere`);
    expect(missing).toMatchObject({ status: 404, body: { code: "file_not_found" } });
    const outside = await api("GET", `/files/${container}/content?path=../x`);
    expect(outside).toMatchObject({ status: 400, body: { code: "path_outside_workspace" } });
  });

  it("lets a call wait for the boot, and runs it then [STATE-1]", async () => {
    const { tab, runtime, link } = await startTab();
    await reached(link, "attached");
    tab.booting("unpacking");
    const waiting = execute("echo booted");
    await vi.waitFor(async () => {
      const { body } = await api("GET", `/containers/${container}`);
      expect(body).toMatchObject({ state: "booting" });
    });
    tab.ready(runtime);
    expect((await waiting).body).toMatchObject({ stdout: "booted\n" });
  });

  it("delivers the outcome of a command that outlived its connection [CALL-5] [END-4]", async () => {
    const { runtime, link, events } = await readyTab();
    const running = execute("echo ran >> log; sleep 1; echo done");
    await vi.waitFor(() => expect(events.some(({ kind }) => kind === "call")).toBe(true));
    page.sockets.at(-1)?.close();
    await reached(link, "reconnecting");
    await reached(link, "attached");
    expect((await running).body).toMatchObject({ exit_code: 0, stdout: "done\n" });
    expect(await fs.readFile(path.join(runtime.root, "log"), "utf8")).toBe("ran\n");
  });

  it("stays down when a second tab takes over, until it takes back [HELLO-4] [HELLO-2]", async () => {
    const first = await readyTab();
    const before = page.sockets.length;
    const second = await readyTab();
    await reached(first.link, "taken_over");
    first.tab.online();
    first.tab.reconnectNow();
    expect((await execute("pwd")).body["stdout"]).toBe(`${second.runtime.root}\n`);
    expect(page.sockets).toHaveLength(before + 1);
    first.tab.takeBack();
    await reached(first.link, "attached");
    await reached(second.link, "taken_over");
    expect((await execute("pwd")).body["stdout"]).toBe(`${first.runtime.root}\n`);
  });

  it("tells that the runtime failed [STATE-1]", async () => {
    const { tab } = await readyTab();
    tab.failed("The kernel is gone.");
    const { status, body } = await execute("true");
    expect([status, body["code"]]).toEqual([503, "runtime_failed"]);
  });
});

describe("signing in", () => {
  it("reads the public configuration", async () => {
    const config = await fetchConfig();
    expect(config).toMatchObject({ origin: rig.page, local: true });
    expect(config).not.toHaveProperty("limits");
  });

  it("knows who is signed in by the cookie, and that nobody is without it", async () => {
    expect(await identify(undefined)).toMatchObject({ container: { id: container } });
    expect(await identify("a-forged-claim")).toMatchObject({ container: { id: container } });
    page.forgetCookies();
    expect(await identify("a-forged-claim")).toBeUndefined();
    const { link } = await startTab();
    await reached(link, "signed_out");
    await identify(await mintLocalClaim(TEST_SECRET));
  });
});
