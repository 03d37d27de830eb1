import { describe, expect, it } from "vitest";
import { EmbeddedRuntime } from "#sandbox/runtime/embedded/kernel/embedded-runtime.ts";
import type { PortEvent } from "#sandbox/runtime/runtime.ts";
import { bytesOf } from "#test/contract/runtime-streams.ts";
import { KernelInThread } from "#test/support/kernel-in-thread.ts";

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

describe("sockets", () => {
  it("carry bytes both ways, and each direction ends by itself", async () => {
    const box = new KernelInThread();
    const [server, client] = [box.system(), box.system()];
    const { fd, port } = server.callSync("listen", 3000);
    expect(port).toBe(3000);
    const socket = client.callSync("connect", 3000);
    const accepted = await server.call("accept", fd);
    expect(accepted.peerPort).toBeGreaterThanOrEqual(32_768);
    client.callSync("write", socket, encode("question"), null);
    client.callSync("shutdown", socket);
    expect(decode(server.callSync("read", accepted.fd, 100, null))).toBe("question");
    expect((await server.call("read", accepted.fd, 100, null)).byteLength).toBe(0);
    server.callSync("write", accepted.fd, encode("answer"), null);
    server.callSync("close", accepted.fd);
    expect(decode(client.callSync("read", socket, 100, null))).toBe("answer");
    expect((await client.call("read", socket, 100, null)).byteLength).toBe(0);
    expect(client.callSync("fstat", socket)).toMatchObject({ type: "socket" });
  });

  it("wait until somebody connects, and hold back who writes too much", async () => {
    const box = new KernelInThread();
    const [server, client] = [box.system(), box.system()];
    const { fd } = server.callSync("listen", 3000);
    const accepting = server.call("accept", fd);
    const socket = client.callSync("connect", 3000);
    const { fd: accepted } = await accepting;
    let written = false;
    const writing = client.call("write", socket, new Uint8Array(200_000), null).then(() => {
      written = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(written).toBe(false);
    for (let total = 0; total < 200_000;) {
      total += (await server.call("read", accepted, 65_536, null)).byteLength;
    }
    await writing;
  });

  it("are refused where nobody listens, and where somebody listens already", () => {
    const box = new KernelInThread();
    const [server, other] = [box.system(), box.system()];
    expect(() => other.callSync("connect", 3000)).toThrow("ECONNREFUSED");
    const { fd } = server.callSync("listen", 3000);
    expect(() => other.callSync("listen", 3000)).toThrow("EADDRINUSE");
    expect(other.callSync("listen", 0).port).not.toBe(other.callSync("listen", 0).port);
    for (const port of [-1, 65_536, 1.5]) {
      expect(() => other.callSync("listen", port)).toThrow("EINVAL");
    }
    expect(() => server.callSync("read", fd, 1, null)).toThrow("ENOTCONN");
    expect(() => server.callSync("shutdown", fd)).toThrow("ENOTSOCK");
    server.callSync("close", fd);
    other.callSync("listen", 3000);
  });

  it("no longer accept when they are closed meanwhile", async () => {
    const server = new KernelInThread().system();
    const { fd } = server.callSync("listen", 3000);
    const accepting = server.call("accept", fd);
    await server.call("close", fd);
    await expect(accepting).rejects.toMatchObject({ code: "EBADF" });
  });

  it("that were never accepted end when the listener does", async () => {
    const box = new KernelInThread();
    const [server, client] = [box.system(), box.system()];
    server.callSync("listen", 3000);
    client.callSync("signalAction", "SIGPIPE", "ignore");
    const socket = client.callSync("connect", 3000);
    client.callSync("kill", server.start.pid, "SIGKILL");
    expect((await client.call("read", socket, 1, null)).byteLength).toBe(0);
    await expect(client.call("write", socket, encode("x"), null)).rejects.toThrow("EPIPE");
  });
});

describe("ports of the runtime", () => {
  it("are told as they open and close, and can be connected to", async () => {
    const box = new KernelInThread();
    const runtime = new EmbeddedRuntime(box.kernel, { dispose: () => {} });
    const server = box.system();
    const { fd } = server.callSync("listen", 5173);
    const events: PortEvent[] = [];
    runtime.onPort((event) => events.push(event));
    expect((await runtime.processes())[0]?.ports).toEqual([5173]);
    const { readable, writable } = await runtime.connect(5173);
    const { fd: socket } = await server.call("accept", fd);
    const writer = writable.getWriter();
    await writer.write(encode("ping"));
    expect(decode(await server.call("read", socket, 9, null))).toBe("ping");
    server.callSync("write", socket, encode("pong"), null);
    server.callSync("close", socket);
    expect(decode(await bytesOf(readable))).toBe("pong");
    server.callSync("close", fd);
    const { pid } = server.start;
    expect(events).toEqual([
      { type: "opened", port: 5173, pid },
      { type: "closed", port: 5173, pid },
    ]);
    await expect(runtime.connect(5173)).rejects.toMatchObject({ code: "ECONNREFUSED" });
  });
});
