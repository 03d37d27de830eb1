import { afterEach, describe, expect, it } from "vitest";
import { connectRuntime } from "#sandbox/runtime/port/connect-runtime.ts";
import { serveRuntime } from "#sandbox/runtime/port/serve-runtime.ts";
import {
  type CutEvent,
  FileError,
  type FileEvent,
  type PortEvent,
  type Runtime,
} from "#sandbox/runtime/runtime.ts";
import { CHUNK, running, SmallRuntime } from "./small-runtime.ts";

const open: MessagePort[] = [];
afterEach(() => {
  for (const port of open.splice(0)) port.close();
});

async function connected(): Promise<{
  small: SmallRuntime;
  client: Runtime;
  ports: MessageChannel;
}> {
  const small = new SmallRuntime();
  const ports = new MessageChannel();
  open.push(ports.port1, ports.port2);
  serveRuntime(small.runtime, ports.port1);
  return { small, client: await connectRuntime(ports.port2), ports };
}

async function count(stream: ReadableStream<Uint8Array> | null): Promise<number> {
  let bytes = 0;
  for await (const chunk of stream ?? []) bytes += chunk.byteLength;
  return bytes;
}

describe("a runtime behind a port", () => {
  it("tells of ports, of those that are open already too, and connects to them", async () => {
    const { small, client } = await connected();
    const early: PortEvent[] = [];
    client.onPort((event) => early.push(event));
    await client.usage();
    const late: PortEvent[] = [];
    const stop = client.onPort((event) => late.push(event));
    small.portChanged({ type: "closed", port: 3000, pid: 7 });
    await client.usage();
    stop();
    small.portChanged({ type: "opened", port: 4000, pid: 7 });
    await client.usage();
    expect(late.map(({ type, port }) => `${type} ${port}`)).toEqual(["opened 3000", "closed 3000"]);
    expect(early.length).toBe(3);
    const { readable, writable } = await client.connect(3000);
    const writer = writable.getWriter();
    void writer.write(CHUNK).then(() => writer.close());
    expect(await count(readable)).toBe(CHUNK.byteLength);
    await expect(client.connect(1)).rejects.toMatchObject({ code: "ECONNREFUSED" });
  });

  it("tells of processes, of usage and of what the watchdog cut", async () => {
    const { small, client } = await connected();
    const cuts: CutEvent[] = [];
    client.onCut((event) => cuts.push(event));
    small.cut({ pid: 7, argv: ["node"], limit: "memory", message: "too much" });
    expect(await client.processes()).toEqual([running]);
    expect(await client.usage()).toMatchObject({ processesMax: 4 });
    await client.signal(7, "SIGINT");
    expect(small.asked).toEqual(["signal 7 SIGINT"]);
    let changes = 0;
    client.onProcesses(() => changes++);
    small.processesChanged();
    await client.usage();
    expect(changes).toBe(1);
    expect(cuts).toEqual([{ pid: 7, argv: ["node"], limit: "memory", message: "too much" }]);
  });

  it("is the same runtime", async () => {
    const { small, client } = await connected();
    expect(client.root).toBe("/root");
    expect(client.capabilities).toEqual(small.runtime.capabilities);
    expect(new TextDecoder().decode(await client.files.read("/file"))).toBe("content");
    expect(await client.files.list("/")).toEqual([{ name: "file", type: "file" }]);
    expect(await client.files.stat("/file")).toMatchObject({ size: 7 });
    expect(await client.files.realpath("/file")).toBe("/file");
    await client.files.write("/a", CHUNK.subarray(10, 20));
    await client.files.mkdir("/b", { recursive: true });
    await client.files.remove("/c");
    await client.files.rename("/d", "/e");
    await client.dispose();
    expect(small.asked).toEqual([
      "write /a 10",
      "mkdir /b true",
      "remove /c false",
      "rename /d /e",
      "dispose",
    ]);
  });

  it("does not take the bytes that it is given", async () => {
    const { client } = await connected();
    const content = new Uint8Array([1, 2, 3]);
    await client.files.write("/a", content);
    expect([...content]).toEqual([1, 2, 3]);
  });

  it("fails with the same errors", async () => {
    const { client } = await connected();
    await expect(client.files.read("/none")).rejects.toEqual(
      new FileError("ENOENT", "/none", "ENOENT: no /none"),
    );
    await expect(client.spawn("nothing")).rejects.toMatchObject({ code: "ENOENT" });
  });

  it("tells of file events until it is asked to stop", async () => {
    const { small, client } = await connected();
    const events: FileEvent[] = [];
    const stop = client.files.watch("/w", (event) => events.push(event));
    await client.files.stat("/file");
    small.tell({ type: "created", path: "/w/x" });
    await client.files.stat("/file");
    expect(events).toEqual([{ type: "created", path: "/w/x" }]);
    stop();
    await client.files.stat("/file");
    expect(small.asked).toEqual(["watch /w", "unwatch /w"]);
  });
});

describe("a process behind a port", () => {
  it("sends no more than a window ahead of its reader, and loses nothing", async () => {
    const { small, client } = await connected();
    const process = await client.spawn("program");
    for (let hop = 0; hop < 20; hop++) await client.files.stat("/file");
    expect(small.program.produced).toBeLessThan(8);
    expect(await count(process.stdout)).toBe(80 * CHUNK.byteLength);
  });

  it("takes input as it comes, and ends with its output", async () => {
    const { small, client } = await connected();
    const process = await client.spawn("program");
    const writer = process.stdin.getWriter();
    const wrote = (async () => {
      for (let index = 0; index < 20; index++) await writer.write(CHUNK);
      await writer.close();
    })();
    const [, errors] = await Promise.all([count(process.stdout), count(process.stderr), wrote]);
    expect(errors).toBe(20 * CHUNK.byteLength);
    small.program.exit.resolve({ code: 3, signal: null });
    expect(await process.exit).toEqual({ code: 3, signal: null });
  });

  it("can be killed and resized, and ignored", async () => {
    const killed = await connected();
    const one = await killed.client.spawn("program");
    await Promise.all([one.stdout.cancel(), one.stderr?.cancel()]);
    one.kill("SIGINT");
    expect(await one.exit).toEqual({ code: null, signal: "SIGINT" });
    const resized = await connected();
    const two = await resized.client.spawn("program");
    await Promise.all([two.stdout.cancel(), two.stderr?.cancel()]);
    two.resize?.(80, 24);
    expect(await two.exit).toEqual({ code: 104, signal: null });
  });
});

describe("the end", () => {
  it("of the port rejects all that waits, and tells", async () => {
    const { client, ports, small } = await connected();
    const errors: Error[] = [];
    client.onError((error) => errors.push(error));
    const process = await client.spawn("program");
    small.content = new Uint8Array();
    const pending = client.files.read("/file");
    ports.port1.close();
    await expect(pending).rejects.toThrow("The runtime has gone away.");
    await expect(client.files.read("/file")).rejects.toThrow("The runtime has gone away.");
    await expect(count(process.stdout)).rejects.toThrow("The runtime has gone away.");
    expect(await process.exit).toEqual({ code: null, signal: "SIGKILL" });
    expect(errors).toHaveLength(1);
    await client.dispose();
  });

  it("of the client ends its processes and watches", async () => {
    const { client, ports, small } = await connected();
    await client.spawn("program");
    client.files.watch("/w", () => {});
    await client.files.stat("/file");
    ports.port2.close();
    expect(await small.program.exit.promise).toEqual({ code: null, signal: "SIGKILL" });
    expect(small.asked).toContain("unwatch /w");
  });

  it("of the runtime reaches every client", async () => {
    const { client, small } = await connected();
    const failed = new Promise<Error>((resolve) => client.onError(resolve));
    small.fail(new Error("The kernel failed."));
    expect((await failed).message).toBe("The kernel failed.");
    await expect(client.spawn("program")).rejects.toThrow("The kernel failed.");
  });
});

describe("what the other side may not do", () => {
  const nonsense: unknown[] = [
    null,
    "text",
    { type: "call" },
    { type: "call", id: 1, method: "constructor", args: [] },
    { type: "stdin", process: 99, bytes: new Uint8Array(1) },
    { type: "credit", process: 1, stream: "stdout", bytes: -1 },
    { type: "output", process: 99, stream: "stdout", bytes: "text" },
    { type: "exit", process: 99, exit: { code: "0" } },
    { type: "result", id: 4_711, value: 1 },
    { type: "hello" },
  ];

  it("breaks neither end with nonsense", async () => {
    const { client, ports } = await connected();
    for (const message of nonsense) {
      ports.port1.postMessage(message);
      ports.port2.postMessage(message);
    }
    expect(new TextDecoder().decode(await client.files.read("/file"))).toBe("content");
  });

  it("gets arguments that do not fit refused", async () => {
    const { ports } = await connected();
    const answer = new Promise((resolve) => {
      ports.port2.addEventListener("message", ({ data }) => data.id === 77 && resolve(data));
    });
    ports.port2.postMessage({ type: "call", id: 77, method: "rename", args: ["/only-one"] });
    expect(await answer).toMatchObject({ type: "error", id: 77 });
  });

  it("gives answers of another shape only as an error", async () => {
    const { port1, port2 } = new MessageChannel();
    open.push(port1, port2);
    port1.addEventListener("message", ({ data }) => {
      port1.postMessage({ type: "result", id: data.id, value: { not: "bytes" } });
    });
    port1.start();
    const { capabilities } = new SmallRuntime().runtime;
    port1.postMessage({ type: "hello", capabilities, root: "/" });
    const client = await connectRuntime(port2);
    await expect(client.files.read("/x")).rejects.toThrow("no valid answer to read");
  });
});
