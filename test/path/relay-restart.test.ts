import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { changing, newContainer, reading, relayForTests } from "#test/support/relay-rig.ts";
import { readyRuntime, ScriptedTab } from "#test/support/scripted-tab.ts";
import { OUTCOME_TRAVEL_MS } from "#worker/relay/call.ts";

const { rig, url } = await relayForTests();

describe("a relay that slept", () => {
  it("still knows its tab, the epoch and the runtime [HELLO-2] [STATE-1]", async () => {
    const container = newContainer();
    const tab = await ScriptedTab.attach(url, container);
    await rig.worker.evict("CONTAINER_RELAY", container, "hibernate");
    expect(await rig.attachment(container)).toEqual({
      attached: true,
      epoch: tab.epoch,
      runtime: readyRuntime,
    });
    await tab.close();
  });

  it("runs calls in the same connection [CALL-1] [CALL-3]", async () => {
    const container = newContainer();
    const tab = await ScriptedTab.attach(url, container);
    await rig.worker.evict("CONTAINER_RELAY", container, "hibernate");
    const read = rig.call(container, reading());
    tab.succeed((await tab.next("call")).call, { text: "awake" });
    expect(await read).toEqual({ ok: true, output: { text: "awake" } });
    await tab.next("ack");
    await rig.worker.evict("CONTAINER_RELAY", container, "hibernate");
    const written = rig.call(container, changing());
    const { call } = await tab.takeOffer();
    tab.succeed(call, { bytes: 4 });
    expect(await written).toEqual({ ok: true, output: { bytes: 4 } });
    await tab.close();
  });

  it("still lets a second tab take over [HELLO-4]", async () => {
    const container = newContainer();
    const first = await ScriptedTab.attach(url, container);
    await rig.worker.evict("CONTAINER_RELAY", container, "hibernate");
    const second = await ScriptedTab.attach(url, container);
    expect(await first.closed).toMatchObject({ code: 4409 });
    expect(second.epoch).toBe(first.epoch + 1);
    await second.close();
  });

  it("can sleep again once its calls have ended", async () => {
    const container = newContainer();
    const tab = await ScriptedTab.attach(url, container);
    const outcome = rig.call(container, changing());
    const { call } = await tab.takeOffer();
    tab.succeed(call, {});
    await outcome;
    // A timer that was left would keep the object from being evicted.
    await rig.worker.evict("CONTAINER_RELAY", container, "hibernate");
    expect(await rig.attachment(container)).toMatchObject({ attached: true, epoch: tab.epoch });
    await tab.close();
  });
});

describe("a relay that died", () => {
  it("tells the caller of a changing call that its outcome is unknown [END-3]", async () => {
    const container = newContainer();
    const tab = await ScriptedTab.attach(url, container);
    const outcome = rig.callThroughLink(container, changing());
    await tab.takeOffer();
    await rig.crash(container);
    expect(await outcome).toMatchObject({ ok: false, error: { code: "outcome_unknown" } });
    await tab.closed;
  });

  it("keeps the row of a running call until the tab's outcome comes [CALL-5] [CALL-6]", async () => {
    const container = newContainer();
    const first = await ScriptedTab.attach(url, container);
    const lost = rig.callThroughLink(container, changing());
    const { call } = await first.takeOffer();
    await rig.crash(container);
    await lost;
    expect(await rig.rows(container)).toEqual([{ id: call, running: 1 }]);
    const second = await ScriptedTab.attach(url, container, readyRuntime, [call]);
    expect(second.epoch).toBe(first.epoch + 1);
    second.succeed(call, { ran: "once" });
    expect(await second.next("ack")).toEqual({ type: "ack", call });
    expect(await rig.rows(container)).toEqual([]);
    expect(second.received.filter(({ type }) => type === "offer" || type === "go")).toEqual([]);
    await second.close();
  });

  it("never gives go to a call that it had only offered [CALL-3] [CALL-9]", async () => {
    const container = newContainer();
    const first = await ScriptedTab.attach(url, container);
    // Its deadline is far, so that only the restart can have ended it.
    const lost = rig.callThroughLink(container, changing(40_000));
    const { call } = await first.next("offer");
    await rig.crash(container);
    await lost;
    expect(await rig.rows(container)).toEqual([]);
    const second = await ScriptedTab.attach(url, container);
    second.claim(call);
    expect(await second.next("cancel")).toMatchObject({ call });
    expect(await rig.rows(container)).toEqual([]);
    await second.close();
  });

  it("ends the row of a running call after its deadline by itself [END-1]", async () => {
    const container = newContainer();
    const timeoutMs = 500;
    const tab = await ScriptedTab.attach(url, container);
    const lost = rig.callThroughLink(container, changing(timeoutMs));
    await tab.takeOffer();
    await rig.crash(container);
    await lost;
    await sleep(timeoutMs + OUTCOME_TRAVEL_MS + 1_000);
    expect(await rig.rows(container)).toEqual([]);
    // The alarm has made a new object, which knows its name as well.
    const next = await ScriptedTab.open(url, container);
    next.hello();
    expect(await next.welcome()).toMatchObject({ container, epoch: tab.epoch + 1 });
    await next.close();
  });

  it("runs a reading call again in the next tab [END-4]", async () => {
    const container = newContainer();
    const first = await ScriptedTab.attach(url, container);
    const outcome = rig.callThroughLink(container, reading());
    await first.next("call");
    await rig.crash(container);
    const second = await ScriptedTab.attach(url, container);
    const { call } = await second.next("call");
    second.succeed(call, { text: "read again" });
    expect(await outcome).toEqual({ ok: true, output: { text: "read again" } });
    await second.close();
  });
});
