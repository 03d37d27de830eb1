import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import {
  ATTACH_GRACE_MS,
  CALL_SETTLE_GRACE_MS,
  CALL_TIMEOUT_DEFAULT_MS,
  CALLS_IN_FLIGHT_MAX,
  FRAGMENT_BYTES,
  FRAGMENT_WINDOW,
} from "#protocol/limits.ts";
import { changing, newContainer, reading, relayForTests } from "#test/support/relay-rig.ts";
import { readyRuntime, ScriptedTab } from "#test/support/scripted-tab.ts";

const { rig, url } = await relayForTests();

const failed = (code: string) => ({ ok: false, error: { code } });

describe("a reading call", () => {
  it("is one call frame and one outcome, and leaves no row [CALL-1]", async () => {
    const container = newContainer();
    const tab = await ScriptedTab.attach(url, container);
    const outcome = rig.call(container, reading());
    const frame = await tab.next("call");
    expect(frame).toMatchObject({
      epoch: tab.epoch,
      operation: "read_file",
      input: { path: "a.txt" },
      client: "test",
    });
    expect(frame.timeout_ms).toBeGreaterThan(4_000);
    expect(frame.timeout_ms).toBeLessThanOrEqual(5_000);
    expect(await rig.rows(container)).toEqual([]);
    tab.succeed(frame.call, { text: "hello" });
    expect(await outcome).toEqual({ ok: true, output: { text: "hello" } });
    expect(await tab.next("ack")).toEqual({ type: "ack", call: frame.call });
    await tab.close();
  });

  it("fails with deadline_exceeded at its deadline [END-1] [END-2]", async () => {
    const container = newContainer();
    const tab = await ScriptedTab.attach(url, container);
    const started = Date.now();
    expect(await rig.call(container, reading(700))).toMatchObject(failed("deadline_exceeded"));
    expect(Date.now() - started).toBeGreaterThanOrEqual(690);
    expect(Date.now() - started).toBeLessThan(700 + CALL_SETTLE_GRACE_MS);
    const { call } = await tab.next("call");
    expect(await tab.next("cancel")).toMatchObject({ call });
    await tab.close();
  });
});

describe("a changing call", () => {
  it("has a row before its offer and runs after claim and go [CALL-2] [CALL-3]", async () => {
    const container = newContainer();
    const tab = await ScriptedTab.attach(url, container);
    const outcome = rig.call(container, changing());
    const { call } = await tab.next("offer");
    expect(await rig.rows(container)).toEqual([{ id: call, running: 0 }]);
    tab.claim(call);
    expect(await tab.next("go")).toEqual({ type: "go", call, epoch: tab.epoch });
    expect(await rig.rows(container)).toEqual([{ id: call, running: 1 }]);
    tab.succeed(call, { bytes: 4 });
    expect(await outcome).toEqual({ ok: true, output: { bytes: 4 } });
    await tab.next("ack");
    expect(await rig.rows(container)).toEqual([]);
    await tab.close();
  });

  it("gets go once, however often it is claimed [CALL-3]", async () => {
    const container = newContainer();
    const tab = await ScriptedTab.attach(url, container);
    const outcome = rig.call(container, changing());
    const { call } = await tab.next("offer");
    tab.claim(call);
    tab.claim(call);
    tab.claim(call, tab.epoch + 1);
    await tab.next("go");
    tab.succeed(call, {});
    await tab.next("ack");
    tab.claim(call);
    await tab.next("cancel");
    await outcome;
    expect(tab.received.filter(({ type }) => type === "go")).toHaveLength(1);
    await tab.close();
  });

  it("with go and without outcome fails with outcome_unknown [END-3]", async () => {
    const container = newContainer();
    const tab = await ScriptedTab.attach(url, container);
    const started = Date.now();
    const outcome = rig.call(container, changing(600));
    const { call } = await tab.takeOffer();
    expect(await outcome).toMatchObject(failed("outcome_unknown"));
    expect(Date.now() - started).toBeLessThan(600 + CALL_SETTLE_GRACE_MS);
    expect(await tab.next("cancel")).toMatchObject({ call });
    expect(await rig.rows(container)).toEqual([]);
    // It is acknowledged although nobody waits for it any more [CALL-6].
    tab.succeed(call, {});
    expect(await tab.next("ack")).toMatchObject({ call });
    await tab.close();
  });

  it("without go fails with deadline_exceeded and gets none later [END-2] [CALL-3]", async () => {
    const container = newContainer();
    const tab = await ScriptedTab.attach(url, container);
    const outcome = rig.call(container, changing(500));
    const { call } = await tab.next("offer");
    expect(await outcome).toMatchObject(failed("deadline_exceeded"));
    expect(await tab.next("cancel")).toMatchObject({ call });
    tab.claim(call);
    expect(await tab.next("cancel")).toMatchObject({ call });
    expect(await rig.rows(container)).toEqual([]);
    await tab.close();
  });
});

describe("outcomes", () => {
  it("settle a call once; the first one counts and each is acknowledged [CALL-6] [CALL-7]", async () => {
    const container = newContainer();
    const tab = await ScriptedTab.attach(url, container);
    const outcome = rig.call(container, changing());
    const { call } = await tab.takeOffer();
    tab.succeed(call, { attempt: 1 });
    tab.succeed(call, { attempt: 2 });
    expect(await outcome).toEqual({ ok: true, output: { attempt: 1 } });
    expect(await tab.next("ack")).toMatchObject({ call });
    expect(await tab.next("ack")).toMatchObject({ call });
    await tab.close();
  });

  it("that are small do not wait for a large one [FLOW-1]", async () => {
    const container = newContainer();
    const tab = await ScriptedTab.attach(url, container);
    const order: string[] = [];
    const large = rig.call(container, reading()).finally(() => order.push("large"));
    const first = await tab.next("call");
    const small = rig.call(container, reading()).finally(() => order.push("small"));
    const second = await tab.next("call");
    const text = "é".repeat(3 * FRAGMENT_WINDOW * (FRAGMENT_BYTES / 2));
    tab.succeed(first.call, { text });
    tab.succeed(second.call, { text: "small" });
    expect(await small).toEqual({ ok: true, output: { text: "small" } });
    expect(await large).toEqual({ ok: true, output: { text } });
    expect(order).toEqual(["small", "large"]);
    await tab.close();
  });

  it("carry the tab's error to the caller [CALL-4]", async () => {
    const container = newContainer();
    const tab = await ScriptedTab.attach(url, container);
    const outcome = rig.call(container, reading());
    const { call } = await tab.next("call");
    const error = { code: "file_not_found" as const, message: "There is no a.txt." };
    tab.send({ type: "outcome", call, epoch: tab.epoch, outcome: { ok: false, error } });
    expect(await outcome).toEqual({ ok: false, error });
    await tab.close();
  });

  it("answer every caller of the same call id", async () => {
    const container = newContainer();
    const tab = await ScriptedTab.attach(url, container);
    const id = randomUUID();
    const first = rig.call(container, changing(), id);
    const { call } = await tab.takeOffer();
    const second = rig.call(container, changing(), id);
    await expect.poll(() => rig.rows(container)).toHaveLength(1);
    await rig.attachment(container);
    tab.succeed(call, { once: true });
    expect(await first).toEqual({ ok: true, output: { once: true } });
    expect(await second).toEqual({ ok: true, output: { once: true } });
    await tab.close();
  });
});

describe("cancel", () => {
  it("before go ends the call without an effect [CALL-9]", async () => {
    const container = newContainer();
    const tab = await ScriptedTab.attach(url, container);
    const id = randomUUID();
    const outcome = rig.call(container, changing(), id);
    await tab.next("offer");
    await rig.cancel(container, id);
    expect(await outcome).toMatchObject(failed("cancelled"));
    expect(await tab.next("cancel")).toMatchObject({ call: id });
    tab.claim(id);
    expect(await tab.next("cancel")).toMatchObject({ call: id });
    expect(await rig.rows(container)).toEqual([]);
    await tab.close();
  });

  it("after go asks the tab to stop and waits for its outcome [CALL-9]", async () => {
    const container = newContainer();
    const tab = await ScriptedTab.attach(url, container);
    const outcome = rig.callThroughLink(container, changing(), 300);
    const { call } = await tab.takeOffer();
    expect(await tab.next("cancel")).toMatchObject({ call });
    tab.succeed(call, { stopped: "early" });
    expect(await outcome).toEqual({ ok: true, output: { stopped: "early" } });
    await tab.close();
  });
});

describe("no runtime", () => {
  it("fails with tab_not_attached after the grace when no tab is attached [END-5]", async () => {
    const started = Date.now();
    const outcomes = await Promise.all([
      rig.callThroughLink(newContainer(), reading()),
      rig.callThroughLink(newContainer(), changing()),
    ]);
    const took = Date.now() - started;
    for (const outcome of outcomes) expect(outcome).toMatchObject(failed("tab_not_attached"));
    expect(took).toBeGreaterThanOrEqual(ATTACH_GRACE_MS - 10);
    expect(took).toBeLessThan(CALL_TIMEOUT_DEFAULT_MS / 3);
  });

  it("waits the grace for a tab that is just coming [END-5]", async () => {
    const container = newContainer();
    const outcome = rig.call(container, reading());
    const tab = await ScriptedTab.attach(url, container);
    const { call } = await tab.next("call");
    tab.succeed(call, {});
    expect(await outcome).toEqual({ ok: true, output: {} });
    await tab.close();
  });

  it("waits for a runtime that boots, and runs once it is ready [STATE-1]", async () => {
    const container = newContainer();
    const tab = await ScriptedTab.attach(url, container, { state: "booting", stage: "Loading" });
    const outcome = rig.call(container, reading());
    await tab.settle();
    tab.send({ type: "runtime", epoch: tab.epoch, runtime: readyRuntime });
    const { call } = await tab.next("call");
    tab.succeed(call, {});
    expect(await outcome).toEqual({ ok: true, output: {} });
    await tab.close();
  });

  it("fails with runtime_not_ready when it does not become ready [STATE-1]", async () => {
    const container = newContainer();
    const tab = await ScriptedTab.attach(url, container, { state: "booting", stage: "Loading" });
    expect(await rig.call(container, changing(400))).toMatchObject(failed("runtime_not_ready"));
    expect(tab.unread).toEqual([]);
    await tab.close();
  });

  it("fails at once with runtime_failed when it could not start [STATE-1]", async () => {
    const container = newContainer();
    const tab = await ScriptedTab.attach(url, container, { state: "error", message: "No memory." });
    const outcome = await rig.call(container, reading());
    expect(outcome).toMatchObject(failed("runtime_failed"));
    expect(outcome).toMatchObject({ error: { message: expect.stringContaining("No memory.") } });
    await tab.close();
  });
});

describe("load", () => {
  it("refuses what is above the limit with overloaded, and runs the rest", async () => {
    const container = newContainer();
    const tab = await ScriptedTab.attach(url, container);
    const outcomes = Array.from({ length: CALLS_IN_FLIGHT_MAX + 1 }, () =>
      rig.call(container, reading(10_000)),
    );
    expect(await Promise.race(outcomes)).toMatchObject(failed("overloaded"));
    const calls: string[] = [];
    while (calls.length < CALLS_IN_FLIGHT_MAX) calls.push((await tab.next("call")).call);
    for (const call of calls) tab.succeed(call, {});
    const all = await Promise.all(outcomes);
    expect(all.filter(({ ok }) => ok)).toHaveLength(CALLS_IN_FLIGHT_MAX);
    await tab.close();
  });

  it("refuses an input that fits no frame with too_large", async () => {
    const container = newContainer();
    const tab = await ScriptedTab.attach(url, container);
    const outcome = await rig.call(container, changing(8_000, "x".repeat(25 * 1024 * 1024)));
    expect(outcome).toMatchObject(failed("too_large"));
    expect(await rig.rows(container)).toEqual([]);
    await tab.close();
  });
});
