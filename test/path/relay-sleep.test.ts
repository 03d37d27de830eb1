import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { PING, PONG } from "#protocol/frames.ts";
import { changing, reading, type RelayRig, startRelayRig } from "#test/support/relay-rig.ts";
import { ScriptedTab } from "#test/support/scripted-tab.ts";

/** workerd lets an object sleep after 10 s without work. */
const ASLEEP_AFTER_MS = 12_000;

let rig: RelayRig;
beforeAll(async () => {
  rig = await startRelayRig();
});
afterAll(() => rig.worker.close());

it("sleeps between calls, while the heartbeat goes on, and wakes for the next [BEAT-1]", async () => {
  const container = `c_${randomUUID()}`;
  const tab = await ScriptedTab.attach(rig.worker.url, container);
  // Both kinds of call have a deadline far away: a timer that is left would keep the relay awake.
  const read = rig.call(container, reading(40_000));
  tab.succeed((await tab.next("call")).call, {});
  await tab.next("ack");
  await read;
  const write = rig.call(container, changing(40_000));
  tab.succeed((await tab.takeOffer()).call, {});
  await tab.next("ack");
  await write;
  const life = await rig.life(container);

  const ping = setInterval(() => tab.socket.send(PING), 2_000);
  await sleep(ASLEEP_AFTER_MS);
  clearInterval(ping);
  expect(tab.texts.length).toBeGreaterThanOrEqual(4);
  expect(new Set(tab.texts)).toEqual(new Set([PONG]));

  expect(await rig.life(container)).not.toBe(life);
  const next = rig.call(container, reading());
  tab.succeed((await tab.next("call")).call, { still: "the same connection" });
  expect(await next).toEqual({ ok: true, output: { still: "the same connection" } });
  await tab.close();
});
