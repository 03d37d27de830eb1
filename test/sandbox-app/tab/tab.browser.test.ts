import { afterEach, describe, expect, it, vi } from "vitest";
import { type AppConfig, PAGE_DATA_ID, type PageData } from "#protocol/page-data.ts";
import { bootEmbedded } from "#sandbox/runtime/embedded/boot-embedded.ts";
import type { TabEvent } from "#sandbox/tab/events.ts";
import type { PageMessage, WorkerMessage } from "#sandbox/tab/messages.ts";
import { openTab } from "#sandbox/tab/tab.ts";
import { until } from "#test/support/until.ts";

/** A first boot compiles the shell for every worker; the machine may be busy with other tests. */
const BOOT_TIMEOUT_MS = 20_000;

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

/** The states of one kind of event, in order, each told once. */
function statesOf(events: readonly TabEvent[], kind: "link" | "runtime"): string[] {
  return events.flatMap((event) => {
    if (event.kind === "link" && kind === "link") return [event.link.state];
    return event.kind === "runtime" && kind === "runtime" ? [event.runtime.state] : [];
  });
}

describe("the connection worker", () => {
  function startWorker() {
    const worker = new Worker(
      new URL("../../../sandbox-app/src/tab/tab.worker.ts", import.meta.url),
      { type: "module" },
    );
    ends.push(() => worker.terminate());
    const events: TabEvent[] = [];
    worker.addEventListener("message", ({ data }: MessageEvent<WorkerMessage>) => {
      events.push(data);
    });
    const post = (message: PageMessage, transfer: Transferable[] = []) =>
      worker.postMessage(message, transfer);
    post({ type: "start", container: "c" });
    post({ type: "connect" });
    return { events, post };
  }

  it("connects while it boots, and goes on booting without a relay [STATE-1]", async () => {
    const { events, post } = startWorker();
    post({ type: "booting", stage: "Loading the runtime" });
    // This server has no relay and gives no ticket.
    await until(() => expect(statesOf(events, "link")).toContain("reconnecting"));
    const booted = await bootEmbedded({
      runtimeOrigin: location.origin,
      framePath: "/sandbox-app/runtime.html",
      timeoutMs: BOOT_TIMEOUT_MS,
    });
    ends.push(() => booted.runtime.dispose());
    const port = booted.openPort();
    post({ type: "ready", port }, [port]);
    await until(() => expect(statesOf(events, "runtime")).toEqual(["booting", "ready"]));
    const { root, capabilities } = booted.runtime;
    expect(events.findLast(({ kind }) => kind === "runtime")).toEqual({
      kind: "runtime",
      runtime: { state: "ready", root, capabilities, ports: [] },
    });
  });

  it("answers who takes a call back on the port of the question", async () => {
    const { post } = startWorker();
    const { port1: own, port2: answer } = new MessageChannel();
    const answered = new Promise((resolve) => {
      own.addEventListener("message", ({ data }) => resolve(data));
    });
    own.start();
    post({ type: "undo", checkpoint: "c_0123456789ab", agreed: null, answer }, [answer]);
    const message = "The container is not running.";
    expect(await answered).toEqual({ state: "failed", message, redo: null });
    own.close();
  });

  it("tells that the boot failed", async () => {
    const { events, post } = startWorker();
    post({ type: "failed", message: "no memory" });
    await until(() =>
      expect(events).toContainEqual({
        kind: "runtime",
        runtime: { state: "error", message: "no memory" },
      }),
    );
  });

  it("tries again at once when it is asked to", async () => {
    const { events, post } = startWorker();
    for (let failures = 1; failures <= 5; failures++) {
      await until(() =>
        expect(statesOf(events, "link").filter((state) => state === "reconnecting").length).toBe(
          failures,
        ),
      );
      post({ type: failures % 2 === 0 ? "online" : "reconnect_now" });
    }
    post({ type: "stop" });
  });

  it("says last that it was taken over, also when it was just about to connect", async () => {
    const { events, post } = startWorker();
    post({ type: "stop" });
    await until(() => expect(statesOf(events, "link")).toContain("taken_over"));
    // Longer than the first attempt takes to fail.
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    expect(statesOf(events, "link").at(-1)).toBe("taken_over");
  });
});

describe("openTab", () => {
  const config: AppConfig = {
    version: "1",
    origin: location.origin,
    runtime_origin: location.origin,
    preview_origin: "http://p{port}.disco.localhost",
    mcp_url: "",
    api_url: "",
    docs_url: "",
    websocket_url: "",
    local: true,
  };
  const me = { user: { id: "u", name: "You" }, container: { id: "c1", name: "main" } };

  /** The test's server has no worker behind it: what that writes into the document comes from here. */
  function tell(data: PageData): void {
    const block = document.createElement("script");
    block.type = "application/json";
    block.id = PAGE_DATA_ID;
    block.textContent = JSON.stringify(data);
    document.head.append(block);
    ends.push(() => block.remove());
  }

  it("says what it is not when no worker of ours served it", async () => {
    await expect(openTab()).rejects.toThrow("not served by Disco's worker");
  });

  it("says that the worker cannot be reached", async () => {
    tell({ config });
    expect(await openTab()).toMatchObject({ state: "unreachable" });
  });

  it("says that nobody is signed in", async () => {
    tell({ config, identity: null });
    expect(await openTab()).toEqual({ state: "signed_out", config });
  });

  it.each([
    [404, false],
    [410, true],
  ])(
    "says of a container that the worker answers with %i why it is not there",
    async (status, wasDeleted) => {
      const address = location.href;
      history.replaceState(null, "", "?container=c_1");
      ends.push(() => history.replaceState(null, "", address));
      tell({ config });
      vi.stubGlobal("fetch", async () => Response.json({}, { status }));
      ends.push(() => vi.unstubAllGlobals());
      expect(await openTab()).toEqual({ state: "no_container", wasDeleted });
      // What was saved of a deleted one is deleted by a runtime, which this server has not.
      const frames = () => [...document.querySelectorAll("iframe[title='Disco runtime']")];
      await until(() => expect(frames()).toHaveLength(wasDeleted ? 1 : 0));
      for (const frame of frames()) frame.remove();
    },
  );

  it("opens a tab, tells how it goes, and leaves nothing behind", async () => {
    tell({ config, identity: me });
    const opening = await openTab();
    if (opening.state !== "open") throw new Error(opening.state);
    const { tab } = opening;
    expect(tab.identity).toEqual(me);
    const events: TabEvent[] = [];
    tab.on((event) => events.push(event));
    await until(() => {
      expect(statesOf(events, "link")).toContain("reconnecting");
      expect(statesOf(events, "runtime")).toContain("booting");
    });
    const late: TabEvent[] = [];
    tab.on((event) => late.push(event));
    expect(late.map(({ kind }) => kind).toSorted()).toEqual(["link", "runtime"]);
    const message = "The container is not running.";
    expect(await tab.undo("c_0123456789ab", null)).toMatchObject({ state: "failed", message });
    await tab.dispose();
    await tab.dispose();
    await expect(tab.runtime).rejects.toThrow(/abort/);
    expect(document.querySelectorAll("iframe[title='Disco runtime']")).toHaveLength(0);
    await until(async () => {
      const { held = [] } = await navigator.locks.query();
      expect(held.filter(({ name }) => name === "disco.tab.c1")).toEqual([]);
    });
  });
});
