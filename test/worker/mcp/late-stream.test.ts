import { describe, expect, it } from "vitest";
import { streamWhenLate } from "#worker/mcp/late-stream.ts";

const pace = { lateMs: 10, keepAliveMs: 5 };
const nobodyLeaves = (): void => {
  throw new Error("Nobody left.");
};

describe("an answer", () => {
  it("that comes at once is given as it is", async () => {
    const answer = Response.json({ error: "x" }, { status: 400 });
    const slow = { lateMs: 60_000, keepAliveMs: 5 };
    expect(await streamWhenLate(Promise.resolve(answer), slow, nobodyLeaves)).toBe(answer);
  });

  it("that is late becomes an event after comments", async () => {
    const { promise, resolve } = Promise.withResolvers<Response>();
    const streamed = await streamWhenLate(promise, pace, nobodyLeaves);
    expect(streamed.headers.get("Content-Type")).toBe("text/event-stream");
    setTimeout(() => resolve(Response.json({ id: 1 })), 30);
    const text = await streamed.text();
    expect(text).toMatch(/^(: still here\n\n)+event: message\ndata: \{"id":1\}\n\n$/);
  });

  it("that is late and a stream itself is passed on", async () => {
    const { promise, resolve } = Promise.withResolvers<Response>();
    const streamed = await streamWhenLate(promise, pace, nobodyLeaves);
    const headers = { "Content-Type": "text/event-stream; charset=utf-8" };
    resolve(new Response("event: message\ndata: {}\n\n", { headers }));
    expect(await streamed.text()).toMatch(/event: message\ndata: \{\}\n\n$/);
  });

  it("whose client went away is left, by the next comment", async () => {
    const left = Promise.withResolvers<void>();
    const never = new Promise<Response>(() => {});
    const streamed = await streamWhenLate(never, pace, () => left.resolve());
    await streamed.body?.cancel();
    await expect(left.promise).resolves.toBeUndefined();
  });

  it("that never comes breaks its stream", async () => {
    const { promise, reject } = Promise.withResolvers<Response>();
    const streamed = await streamWhenLate(promise, pace, () => {});
    reject(new Error("The connection was closed."));
    await expect(streamed.text()).rejects.toThrow("The connection was closed.");
  });
});
