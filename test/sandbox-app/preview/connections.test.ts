import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { ConnectionRefused, openConnection } from "#sandbox/preview/connect.ts";
import { serveConnections } from "#sandbox/preview/serve-connections.ts";
import { openByteChannel } from "#sandbox/runtime/port/byte-channel.ts";
import type { ByteDuplex } from "#sandbox/runtime/runtime.ts";
import { bytesOf, streamOf } from "./tcp-duplex.ts";

const open: MessagePort[] = [];
afterEach(() => {
  for (const port of open.splice(0)) port.close();
});

function channel(): [MessagePort, MessagePort] {
  const { port1, port2 } = new MessageChannel();
  open.push(port1, port2);
  return [port1, port2];
}

/** A program that sends back all it gets. */
function echo(): ByteDuplex {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  return { readable, writable };
}

/** Asks for a connection as the service worker does. */
function ask(connections: MessagePort): ReturnType<typeof openConnection> {
  const [mine, theirs] = channel();
  const connection = openConnection(mine);
  connections.postMessage({ type: "disco.connect" }, [theirs]);
  return connection;
}

describe("serveConnections", () => {
  it("connects to its own port, whatever the message says", async () => {
    const asked: number[] = [];
    const [preview, tab] = channel();
    const connect = (port: number) => {
      asked.push(port);
      return Promise.resolve(echo());
    };
    serveConnections({ connect }, 3_000, tab);
    const [mine, theirs] = channel();
    preview.postMessage({ type: "disco.connect", port: 22 }, [theirs]);
    const connection = await openConnection(mine);
    expect([connection.port, asked]).toEqual([3_000, [3_000]]);
  });

  it("carries bytes both ways, with ends", async () => {
    const [preview, tab] = channel();
    serveConnections({ connect: () => Promise.resolve(echo()) }, 1, tab);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.uint8Array({ maxLength: 5_000 }), { maxLength: 5 }),
        async (parts) => {
          const connection = await ask(preview);
          void streamOf(...parts).pipeTo(connection.writable);
          expect((await bytesOf(connection.readable)).equals(Buffer.concat(parts))).toBe(true);
        },
      ),
      { numRuns: 20 },
    );
  });

  it("refuses in words when nobody listens", async () => {
    const [preview, tab] = channel();
    serveConnections({ connect: () => Promise.reject(new Error("ECONNREFUSED")) }, 8_080, tab);
    await expect(ask(preview)).rejects.toThrow(
      new ConnectionRefused("No program of the container listens on port 8080."),
    );
  });

  it("bounds the connections of one preview; the next wait until one has ended", async () => {
    const [preview, tab] = channel();
    serveConnections({ connect: () => Promise.resolve(echo()) }, 1, tab);
    const connections = await Promise.all(Array.from({ length: 256 }, () => ask(preview)));
    let opened = 0;
    const further = Array.from({ length: 3 }, () => ask(preview).then(() => (opened += 1)));
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(opened).toBe(0);
    for (const { readable } of connections.slice(0, 3)) await readable.cancel();
    await Promise.all(further);
    expect(opened).toBe(3);
  });

  it("refuses what nobody could wait for", async () => {
    const [preview, tab] = channel();
    serveConnections({ connect: () => Promise.resolve(echo()) }, 1, tab);
    const asked = Array.from({ length: 256 + 4_096 + 1 }, () => ask(preview));
    for (const connection of asked) connection.catch(() => {});
    await expect(asked.at(-1)).rejects.toThrow("Too many connections");
  });

  it("ignores what is no request", async () => {
    let asked = 0;
    const [preview, tab] = channel();
    const connect = () => {
      asked++;
      return Promise.resolve(echo());
    };
    serveConnections({ connect }, 1, tab);
    for (const message of [null, "x", {}, { type: "other" }, { type: "disco.connect" }]) {
      preview.postMessage(message, []);
    }
    await ask(preview);
    expect(asked).toBe(1);
  });
});

describe("a byte channel", () => {
  it("does not send what nobody reads", async () => {
    const [one, other] = channel();
    const sender = openByteChannel(one).writable.getWriter();
    const { readable } = openByteChannel(other);
    let sent = 0;
    const sending = (async () => {
      for (; sent < 40; sent++) await sender.write(new Uint8Array(65_536));
      await sender.close();
    })();
    await new Promise((resolve) => setTimeout(resolve, 100));
    // The window, and the one chunk that a stream takes ahead.
    expect(sent).toBeLessThanOrEqual(6);
    expect((await bytesOf(readable)).length).toBe(40 * 65_536);
    await sending;
  });

  it("lets one direction end while the other goes on", async () => {
    const [one, other] = channel();
    const left = openByteChannel(one);
    const right = openByteChannel(other);
    await left.writable.close();
    expect((await bytesOf(right.readable)).length).toBe(0);
    void streamOf("still here").pipeTo(right.writable);
    expect((await bytesOf(left.readable)).toString()).toBe("still here");
  });

  it.each([
    ["cancelled", (end: ByteDuplex) => end.readable.cancel()],
    ["aborted", (end: ByteDuplex) => end.writable.abort()],
  ])("breaks both directions when one end is %s", async (_, act) => {
    const [one, other] = channel();
    const left = openByteChannel(one);
    const right = openByteChannel(other);
    await act(left);
    await expect(right.readable.getReader().read()).rejects.toThrow("reset");
    await expect(right.writable.getWriter().closed).rejects.toThrow("reset");
  });

  it("breaks when the other end is gone", async () => {
    const [one, other] = channel();
    const { readable } = openByteChannel(one);
    other.close();
    await expect(readable.getReader().read()).rejects.toThrow("lost");
  });
});
