import { describe, expect, it } from "vitest";
import { changing, newContainer, reading, relayForTests } from "#test/support/relay-rig.ts";
import { readyRuntime, ScriptedTab } from "#test/support/scripted-tab.ts";

const { rig, url } = await relayForTests();

describe("a call whose tab is lost", () => {
  it("that reads is sent again to the next tab [END-4]", async () => {
    const container = newContainer();
    const first = await ScriptedTab.attach(url, container);
    const outcome = rig.call(container, reading());
    const { call } = await first.next("call");
    await first.close();
    const second = await ScriptedTab.attach(url, container);
    expect(await second.next("call")).toMatchObject({ call, epoch: second.epoch });
    second.succeed(call, { text: "from the second" });
    expect(await outcome).toEqual({ ok: true, output: { text: "from the second" } });
    await second.close();
  });

  it("that changes is offered to the next tab, but not with go [END-4]", async () => {
    const container = newContainer();
    const first = await ScriptedTab.attach(url, container);
    const claimed = rig.call(container, changing());
    const running = await first.takeOffer();
    const unclaimed = rig.call(container, changing());
    const offered = await first.next("offer");
    const held = [running.call];
    const second = await ScriptedTab.attach(url, container, readyRuntime, held);
    expect(await second.next("offer")).toMatchObject({ call: offered.call, epoch: second.epoch });
    await second.settle();
    // The tab kept the outcome of the call that it ran, and sends it after the welcome [CALL-5].
    second.succeed(running.call, { ran: "once" });
    expect(await claimed).toEqual({ ok: true, output: { ran: "once" } });
    second.claim(offered.call);
    await second.next("ack");
    await second.next("go");
    second.succeed(offered.call, { ran: "in the second" });
    expect(await unclaimed).toEqual({ ok: true, output: { ran: "in the second" } });
    await second.close();
  });

  it("that runs fails at once when the next tab does not hold it [HELLO-5]", async () => {
    const container = newContainer();
    const first = await ScriptedTab.attach(url, container);
    const outcome = rig.call(container, changing(40_000));
    await first.takeOffer();
    const reloaded = await ScriptedTab.attach(url, container);
    expect(await outcome).toMatchObject({ ok: false, error: { code: "outcome_unknown" } });
    await reloaded.close();
  });
});
