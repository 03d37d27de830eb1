import { expect, vi } from "vitest";
import type { Endpoint } from "#scripts/disco/borrowed-disco.ts";
import { systemClock } from "#sandbox/connection/clock.ts";
import { openSocket } from "#sandbox/connection/socket.ts";
import { fetchTicket } from "#sandbox/connection/ticket.ts";
import { tabHandlers } from "#sandbox/dispatch/tab-handlers.ts";
import { MemoryJournal } from "#sandbox/journal/storage.ts";
import type { Runtime } from "#sandbox/runtime/runtime.ts";
import { Attachment } from "#sandbox/tab/attachment.ts";
import type { LinkState, TabEvent } from "#sandbox/tab/events.ts";
import { identify } from "#sandbox/tab/sign-in.ts";
import { mintLocalClaim } from "#worker/identity/tokens.ts";
import { EdgeRig, TEST_SECRET } from "./edge-rig.ts";
import { bootNodeRuntime } from "./node-runtime.ts";
import { actAsPage, type PageGlobals } from "./page-globals.ts";

/** Milliseconds for a connection to be made, lost or refused. */
const LINK_TIMEOUT_MS = 8_000;

export interface StartedTab {
  readonly tab: Attachment;
  readonly runtime: Runtime;
  readonly events: readonly TabEvent[];
  readonly link: () => LinkState | undefined;
}

/** The tab's own code against the real worker and relay; its runtime is this machine's bash. */
export class TabRig {
  readonly edge: EdgeRig;
  readonly page: PageGlobals;
  readonly container: string;
  readonly #open: StartedTab[] = [];

  private constructor(edge: EdgeRig, page: PageGlobals, container: string) {
    this.edge = edge;
    this.page = page;
    this.container = container;
  }

  static async start(): Promise<TabRig> {
    const edge = await EdgeRig.start();
    const page = actAsPage(edge.page, edge.worker.url);
    const identity = await identify(await mintLocalClaim(TEST_SECRET));
    return new TabRig(edge, page, identity?.container.id ?? "nobody is signed in");
  }

  /**
   * A tab whose runtime is not told to be there yet.
   *
   * @param container another one than the user's default
   */
  async startTab(container = this.container): Promise<StartedTab> {
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
    const link = (): LinkState | undefined =>
      events.flatMap((event) => (event.kind === "link" ? [event.link] : [])).at(-1);
    const started = { tab, runtime, events, link };
    this.#open.push(started);
    await tab.start();
    return started;
  }

  async readyTab(container?: string): Promise<StartedTab> {
    const started = await this.startTab(container);
    started.tab.ready(started.runtime);
    await reached(started.link, "attached");
    return started;
  }

  /** Where clients find the worker, and the user's token. */
  get endpoint(): Endpoint {
    const { url } = this.edge.worker;
    return { mcp: new URL("/mcp", url).href, api: url.href, token: this.edge.token };
  }

  /** A call of the REST face, and its answer. */
  async api(method: string, route: string, body?: object) {
    const json = { "Content-Type": "application/json" };
    const response = await this.edge.api(`/api/v1${route}`, {
      method,
      ...(body && { body: JSON.stringify(body), headers: json }),
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  }

  async closeTabs(): Promise<void> {
    for (const { tab, runtime } of this.#open.splice(0)) {
      tab.stop();
      await runtime.dispose();
    }
  }

  async close(): Promise<void> {
    await this.closeTabs();
    this.page.restore();
    await this.edge.close();
  }
}

export async function reached(
  link: () => LinkState | undefined,
  state: LinkState["state"],
): Promise<void> {
  const looked = { timeout: LINK_TIMEOUT_MS, interval: 10 };
  await vi.waitFor(() => expect(link()?.state).toBe(state), looked);
}
