import { describe, expect, it, vi } from "vitest";
import { eventStream, type ServerEvent } from "#worker/http/event-stream.ts";

const decoder = new TextDecoder();
const eventOf = (id: string, data: object = {}): ServerEvent => ({ event: "output", id, data });

function streamOf(events: AsyncIterator<ServerEvent>, heartbeatMs = 10_000, maxMs = 10_000) {
  const onEnd = vi.fn<() => void>();
  const body = eventStream({ events, retryMs: 1_000, maxMs, onEnd, heartbeatMs });
  const reader = body.getReader();
  const read = async () => decoder.decode((await reader.read()).value);
  return { reader, read, onEnd };
}

describe("a stream of events", () => {
  it("tells when to come back, then each event on lines of its own, then ends", async () => {
    async function* events() {
      yield eventOf("1", { text: "one\r\ntwo\u2028\uD800" });
      yield await Promise.resolve(eventOf("2"));
    }
    const { read, reader, onEnd } = streamOf(events());
    const data = '{"text":"one\\r\\ntwo\u2028\\ud800"}';
    expect(await read()).toBe(`retry: 1000\n\nid: 1\nevent: output\ndata: ${data}\n\n`);
    expect(onEnd).not.toHaveBeenCalled();
    expect(await read()).toBe("id: 2\nevent: output\ndata: {}\n\n");
    expect((await reader.read()).done).toBe(true);
    expect(onEnd).toHaveBeenCalledOnce();
  });

  it("asks for an event only when the one before was taken", async () => {
    let asked = 0;
    const next = () => Promise.resolve({ done: false as const, value: eventOf(String(asked++)) });
    const { read, reader } = streamOf({ next });
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(asked).toBe(0);
    await read();
    await read();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(asked).toBe(2);
    await reader.cancel();
  });

  it("says in silence that it is there, and loses no event by it", async () => {
    const late = Promise.withResolvers<IteratorResult<ServerEvent>>();
    const { read, reader } = streamOf({ next: () => late.promise }, 10);
    expect(await read()).toBe(": \n\n");
    expect(await read()).toBe(": \n\n");
    late.resolve({ done: false, value: eventOf("1") });
    expect(await read()).toContain("id: 1\n");
    await reader.cancel();
  });

  it("ends what it waits for when the caller goes away", async () => {
    const returned = vi.fn<() => Promise<IteratorResult<ServerEvent>>>();
    const { reader, read, onEnd } = streamOf({
      next: () => Promise.resolve({ done: false, value: eventOf("1") }),
      return: returned,
    });
    await read();
    await reader.cancel();
    expect(onEnd).toHaveBeenCalledOnce();
    expect(returned).toHaveBeenCalledOnce();
  });

  it("leaves a caller that takes nothing", async () => {
    const { reader, onEnd } = streamOf({ next: () => new Promise(() => {}) }, 10_000, 20);
    await expect.poll(() => onEnd.mock.calls.length).toBe(1);
    await expect(reader.read()).rejects.toThrow("takes nothing");
  });
});
