import { describe, expect, it } from "vitest";
import { CloseCode, PING, PONG, SUBPROTOCOL } from "#protocol/frames.ts";
import {
  FRAGMENT_BYTES,
  FRAGMENTED_FRAMES_MAX,
  FRAME_MAX_BYTES,
  HELLO_TIMEOUT_MS,
} from "#protocol/limits.ts";
import { newContainer, reading, relayForTests } from "#test/support/relay-rig.ts";
import { readyRuntime, ScriptedTab } from "#test/support/scripted-tab.ts";

const { rig, url } = await relayForTests();

describe("opening", () => {
  it("selects the wire's subprotocol among those offered [OPEN-1]", async () => {
    const tab = await ScriptedTab.open(url, newContainer(), ["disco.ticket.abc"]);
    expect(tab.socket.protocol).toBe(SUBPROTOCOL);
    await tab.close();
  });

  it("closes with 4408 when no hello comes in time [OPEN-4]", async () => {
    const started = Date.now();
    const tab = await ScriptedTab.open(url, newContainer());
    // A heartbeat is no hello.
    tab.socket.send(PING);
    expect(await tab.closed).toMatchObject({ code: CloseCode.silent });
    expect(Date.now() - started).toBeGreaterThanOrEqual(HELLO_TIMEOUT_MS - 100);
  });
});

describe("hello and epoch", () => {
  it("closes with 4400 when another frame comes before the hello [HELLO-1]", async () => {
    const tab = await ScriptedTab.open(url, newContainer());
    tab.claim("call-0001", 1);
    expect(await tab.closed).toMatchObject({ code: CloseCode.badFrame });
  });

  it("closes with 4400 when a second hello comes [HELLO-1]", async () => {
    const tab = await ScriptedTab.attach(url, newContainer());
    tab.hello();
    expect(await tab.closed).toMatchObject({ code: CloseCode.badFrame });
  });

  it("names the container and counts epochs up, across the relay's end [HELLO-2]", async () => {
    const container = newContainer();
    const first = await ScriptedTab.open(url, container);
    first.hello();
    expect(await first.welcome()).toEqual({ type: "welcome", epoch: 1, container });
    await first.close();
    await rig.worker.evict("CONTAINER_RELAY", container, "close");
    const second = await ScriptedTab.attach(url, container);
    expect(second.epoch).toBe(2);
    await second.close();
  });

  it("closes a hello of another version with 4426, whatever its shape [HELLO-3]", async () => {
    for (const text of [
      JSON.stringify({ type: "hello", protocol: 2, runtime: readyRuntime, held: [] }),
      JSON.stringify({ type: "hello", protocol: 99, something: "new" }),
    ]) {
      const tab = await ScriptedTab.open(url, newContainer());
      tab.socket.send(text);
      expect(await tab.closed).toMatchObject({ code: CloseCode.versionMismatch });
    }
  });

  it("lets a second tab take over and closes the first with 4409 [HELLO-4]", async () => {
    const container = newContainer();
    const first = await ScriptedTab.attach(url, container);
    const second = await ScriptedTab.attach(url, container);
    expect(await first.closed).toMatchObject({ code: CloseCode.takenOver });
    expect(second.epoch).toBe(first.epoch + 1);
    expect(await rig.attachment(container)).toMatchObject({ attached: true, epoch: 2 });
    await second.close();
  });

  it("ignores frames of another epoch [EPOCH-1]", async () => {
    const container = newContainer();
    const tab = await ScriptedTab.attach(url, container);
    const outcome = rig.call(container, reading());
    const { call } = await tab.next("call");
    tab.succeed(call, { from: "another epoch" }, tab.epoch + 1);
    tab.send({
      type: "runtime",
      epoch: tab.epoch + 1,
      runtime: { state: "error", message: "stale" },
    });
    tab.succeed(call, { from: "this epoch" });
    expect(await outcome).toEqual({ ok: true, output: { from: "this epoch" } });
    expect(await rig.attachment(container)).toMatchObject({ runtime: { state: "ready" } });
    await tab.close();
  });

  it("knows the runtime's state from the hello and from each change [STATE-1]", async () => {
    const container = newContainer();
    const booting = { state: "booting", stage: "Loading" } as const;
    const tab = await ScriptedTab.attach(url, container, booting);
    expect(await rig.attachment(container)).toEqual({ attached: true, epoch: 1, runtime: booting });
    tab.send({ type: "runtime", epoch: tab.epoch, runtime: readyRuntime });
    await tab.settle();
    expect(await rig.attachment(container)).toMatchObject({ runtime: readyRuntime });
    await tab.close();
  });
});

describe("frames", () => {
  it.each([
    ["text that is no JSON", "{"],
    ["JSON without a type", "{}"],
    ["an unknown type", '{"type":"dance"}'],
    ["bytes that are no fragment", new Uint8Array([9, 9, 9])],
  ])("closes with 4400 on %s, and others go on [FRAME-1] [FRAME-2]", async (_, message) => {
    const container = newContainer();
    const bystander = newContainer();
    const other = await ScriptedTab.attach(url, bystander);
    const outcome = rig.call(bystander, reading());
    const { call } = await other.next("call");
    const tab = await ScriptedTab.attach(url, container);
    tab.socket.send(message);
    expect(await tab.closed).toMatchObject({ code: CloseCode.badFrame });
    other.succeed(call, { still: "here" });
    expect(await outcome).toEqual({ ok: true, output: { still: "here" } });
    expect(await rig.attachment(container)).toEqual({ attached: false });
    await other.close();
  });

  it("carries large frames both ways, while small ones pass between [FRAG-1] [FRAG-2]", async () => {
    const container = newContainer();
    const tab = await ScriptedTab.attach(url, container);
    const content = "ü".repeat(3 * FRAGMENT_BYTES);
    const request = { ...reading(), input: { path: content } };
    const large = rig.call(container, request);
    const { call, input } = await tab.next("call");
    expect(input["path"]).toBe(content);
    tab.succeed(call, { content });
    expect(await large).toEqual({ ok: true, output: { content } });
    await tab.close();
  });

  it("closes with 4400 on a frame that is too large [FRAG-3]", async () => {
    const tab = await ScriptedTab.attach(url, newContainer());
    const fragment = new Uint8Array(8 * 1024 * 1024);
    fragment.set([1, 0, 0, 0, 0, 1]);
    for (let bytes = 0; bytes <= FRAME_MAX_BYTES; bytes += fragment.length) {
      tab.socket.send(fragment);
    }
    expect(await tab.closed).toMatchObject({ code: CloseCode.badFrame });
  });

  it("closes with 4400 on too many half received frames [FRAG-4]", async () => {
    const tab = await ScriptedTab.attach(url, newContainer());
    for (let number = 0; number <= FRAGMENTED_FRAMES_MAX; number++) {
      tab.socket.send(new Uint8Array([1, 0, 0, 0, 0, number, 123]));
    }
    expect(await tab.closed).toMatchObject({ code: CloseCode.badFrame });
  });
});

describe("heartbeat", () => {
  it("answers ping with pong, and the sleeping relay too [BEAT-1]", async () => {
    const container = newContainer();
    const tab = await ScriptedTab.attach(url, container);
    await rig.worker.evict("CONTAINER_RELAY", container, "hibernate");
    const pong = new Promise((resolve) => {
      tab.socket.addEventListener("message", ({ data }) => resolve(data));
    });
    tab.socket.send(PING);
    expect(await pong).toBe(PONG);
    expect(tab.texts).toEqual([PONG]);
    await tab.close();
  });

  it("counts a tab as gone when its socket closes", async () => {
    const container = newContainer();
    const tab = await ScriptedTab.attach(url, container);
    await tab.close();
    await expect.poll(() => rig.attachment(container)).toEqual({ attached: false });
  });
});
