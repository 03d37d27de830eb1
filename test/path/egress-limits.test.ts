import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { EdgeRig } from "#test/support/edge-rig.ts";
import { EgressRig } from "#test/support/egress-rig.ts";

const WORKER = "test/support/workerd/egress-worker.ts";

let rig: EgressRig;
beforeAll(async () => {
  rig = await EgressRig.start(await EdgeRig.start(WORKER));
  await rig.allow(rig.origin);
});
afterAll(() => rig.close());

/**
 * Writes a byte now and then. The harness does not tell the server that nobody listens any more, so
 * that the test has to end it; test/e2e/network.test.ts sees it told.
 */
function drip(): () => void {
  const { promise: stopped, resolve: stop } = Promise.withResolvers<void>();
  rig.respond = (_request, response) => {
    const timer = setInterval(() => response.write("."), 50);
    void stopped.then(() => {
      clearInterval(timer);
      response.end();
    });
  };
  return stop;
}

async function readToEnd(body: ReadableStream<Uint8Array>): Promise<number> {
  let bytes = 0;
  for await (const chunk of body) bytes += chunk.byteLength;
  return bytes;
}

describe("an answer", () => {
  it("breaks off when it has more bytes than it may", async () => {
    rig.respond = (_request, response) => {
      response.write(Buffer.alloc(3_000, 1));
      response.end(Buffer.alloc(3_000, 2));
    };
    const { body } = await rig.ask(rig.origin);
    await expect(readToEnd(body!)).rejects.toThrow(/terminated/);
  });

  it("breaks off when it is silent for too long", async () => {
    rig.respond = (_request, response) => void response.write("only this");
    const { body } = await rig.ask(rig.origin);
    await expect(readToEnd(body!)).rejects.toThrow(/terminated/);
  });

  it("is not waited for for ever", async () => {
    rig.respond = () => {};
    const answer = await rig.ask(rig.origin);
    expect([answer.status, answer.code]).toEqual([502, "network_unavailable"]);
    expect(answer.detail).toMatch(/^host\.disco\.internal:\d+ does not answer in time\.$/);
  });

  it("breaks off when it never ends", async () => {
    const stop = drip();
    const { body } = await rig.ask(rig.origin);
    await expect(readToEnd(body!)).rejects.toThrow(/terminated/);
    stop();
  });
});

describe("a host that is allowed no longer", () => {
  it("is not asked again, and loses what it was still sending", async () => {
    const stop = drip();
    const { body } = await rig.ask(rig.origin);
    const cut = readToEnd(body!).catch(String);
    await rig.revoke(rig.origin);
    expect(await cut).toMatch(/terminated/);
    stop();
    const answer = await rig.ask(rig.origin);
    expect([answer.status, answer.code]).toEqual([403, "network_not_granted"]);
    await rig.allow(rig.origin);
  });

  it("is not waited for either, when it has not answered yet", async () => {
    const { promise: asked, resolve } = Promise.withResolvers<void>();
    rig.respond = () => resolve();
    const waiting = rig.ask(rig.origin);
    await asked;
    await rig.revoke(rig.origin);
    const answer = await waiting;
    expect([answer.status, answer.code]).toEqual([403, "network_not_granted"]);
    await rig.allow(rig.origin);
  });
});

it("refuses when too many requests came at once", async () => {
  rig.respond = (_request, response) => response.end();
  const codes: (string | null)[] = [];
  for (let count = 0; count < 35; count += 1) {
    const answer = await rig.ask(rig.origin);
    await answer.text();
    codes.push(answer.code);
  }
  expect(codes.at(-1)).toBe("overloaded");
});
