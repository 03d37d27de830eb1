import { describe, expect, it } from "vitest";
import { INIT } from "#sandbox/runtime/embedded/kernel/process/process.ts";
import type {
  ChildStream,
  SpawnRequest,
  System,
  SystemCallName,
} from "#sandbox/runtime/embedded/kernel/system-calls.ts";
import { KernelInThread, type Main } from "#test/support/kernel-in-thread.ts";

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const nothing: ChildStream = { from: "null" };

function request(name: string, changes: Partial<SpawnRequest> = {}): SpawnRequest {
  const streams = [nothing, nothing, nothing];
  return { file: "bash", argv: ["bash", name], cwd: "/", env: {}, streams, ...changes };
}

/** A kernel whose programs are functions, by the first argument. */
function box(mains: Readonly<Record<string, Main>>): KernelInThread {
  return new KernelInThread({
    shell: (system) => mains[system.start.argv[1] ?? ""]?.(system) ?? 127,
  });
}

const forever: Main = () => new Promise(() => {});

describe("wait", () => {
  it("tells of each child's end once, whichever is first", async () => {
    const { system } = stage({ three: () => 3, four: async () => 4, forever });
    const three = system.callSync("spawn", request("three"));
    const four = system.callSync("spawn", request("four"));
    const results = [await system.call("wait", -1), await system.call("wait", -1)];
    expect(results).toEqual([
      { pid: three.pid, code: 3, signal: null },
      { pid: four.pid, code: 4, signal: null },
    ]);
    await expect(system.call("wait", -1)).rejects.toMatchObject({ code: "ECHILD" });
    await expect(system.call("wait", three.pid)).rejects.toMatchObject({ code: "ECHILD" });
  });

  it("polls, waits for groups, and keeps the exit code of 0 to 255", async () => {
    const { system } = stage({ code: () => 259, forever });
    const member = system.callSync("spawn", request("forever", { newGroup: true }));
    expect(system.callSync("wait", member.pid, { poll: true })).toBeNull();
    const second = system.callSync("spawn", request("code", { group: member.pid }));
    expect(await system.call("wait", -member.pid)).toMatchObject({ pid: second.pid, code: 3 });
    system.callSync("kill", -member.pid, "SIGKILL");
    expect(await system.call("wait", member.pid)).toMatchObject({ signal: "SIGKILL", code: null });
  });

  it("tells of stopped children once, when asked", async () => {
    const { system } = stage({ forever });
    const { pid } = system.callSync("spawn", request("forever"));
    const waiting = system.call("wait", pid, { stopped: true });
    await system.call("kill", pid, "SIGSTOP");
    expect(await waiting).toEqual({ pid, code: null, signal: null, stopped: "SIGSTOP" });
    expect(system.callSync("wait", pid, { poll: true, stopped: true })).toBeNull();
    expect(stateOf(system, pid)).toBe("stopped");
    system.callSync("kill", pid, "SIGCONT");
    expect(stateOf(system, pid)).toBe("running");
  });

  it("is not needed by those whose parent has ended: they belong to init", async () => {
    const { box: kernel, system } = stage({
      parent: (child) => {
        child.callSync("spawn", request("orphan"));
        return 0;
      },
      orphan: forever,
    });
    const { pid } = system.callSync("spawn", request("parent"));
    await system.call("wait", pid);
    const orphan = system.callSync("processes").find(({ argv }) => argv[1] === "orphan");
    expect(orphan?.parent).toBe(INIT);
    system.callSync("kill", orphan?.pid ?? 0, "SIGKILL");
    expect(kernel.kernel.table.get(orphan?.pid ?? 0)).toBeUndefined();
  });
});

describe("signals", () => {
  it("end, are ignored, or come as events, as the process says", async () => {
    const { system } = stage({
      ends: forever,
      ignores: async (child) => {
        await child.call("signalAction", "SIGTERM", "ignore");
        return forever(child);
      },
      listens: async (child) => {
        const told = new Promise<number>((resolve) => {
          child.onEvent((event) => resolve(event.type === "signal" ? 9 : 1));
        });
        await child.call("signalAction", "SIGTERM", "event");
        return told;
      },
    });
    const pids = ["ends", "ignores", "listens"].map(
      (name) => system.callSync("spawn", request(name)).pid,
    );
    await settle();
    for (const pid of pids) system.callSync("kill", pid, "SIGTERM");
    const [ends = 0, ignores = 0, listens = 0] = pids;
    expect(await system.call("wait", ends)).toMatchObject({ signal: "SIGTERM" });
    expect(await system.call("wait", listens)).toMatchObject({ code: 9 });
    expect(stateOf(system, ignores)).toBe("running");
    system.callSync("kill", ignores, "SIGKILL");
    expect(await system.call("wait", ignores)).toMatchObject({ signal: "SIGKILL" });
  });

  it("that are ignored are ignored by children too, handlers are not inherited", async () => {
    const { system } = stage({ child: forever });
    system.callSync("signalAction", "SIGHUP", "ignore");
    system.callSync("signalAction", "SIGTERM", "event");
    const { pid } = system.callSync("spawn", request("child"));
    system.callSync("kill", pid, "SIGHUP");
    expect(stateOf(system, pid)).toBe("running");
    system.callSync("kill", pid, "SIGTERM");
    expect(await system.call("wait", pid)).toMatchObject({ signal: "SIGTERM" });
  });

  it("tell the parent of a child's end", async () => {
    const { system } = stage({ child: () => 0 });
    const told = new Promise((resolve) => system.onEvent(resolve));
    system.callSync("signalAction", "SIGCHLD", "event");
    system.callSync("spawn", request("child"));
    expect(await told).toEqual({ type: "signal", signal: "SIGCHLD" });
  });

  it("cannot be sent to nobody, nor changed where POSIX forbids it", () => {
    const { system } = stage({});
    expect(() => system.callSync("kill", 4_711, 0)).toThrow("ESRCH");
    expect(() => system.callSync("signalAction", "SIGKILL", "ignore")).toThrow("EINVAL");
    expect(() => system.callSync("signalAction", "SIGSTOP", "event")).toThrow("EINVAL");
    system.callSync("kill", system.start.pid, 0);
  });

  it("stop a process at its next call, and SIGCONT lets it go on", async () => {
    const { system } = stage({
      writer: async (child) => {
        for (;;) await child.call("write", 1, encode("x"), null);
      },
    });
    const child = system.callSync(
      "spawn",
      request("writer", { streams: [nothing, { from: "pipe" }, nothing] }),
    );
    const fd = child.fds[1] ?? -1;
    await system.call("read", fd, 1, null);
    system.callSync("kill", child.pid, "SIGSTOP");
    await settle();
    system.callSync("read", fd, 65_536, null);
    let hasMore = false;
    const reading = system.call("read", fd, 1, null).then(() => (hasMore = true));
    await settle();
    expect(hasMore).toBe(false);
    system.callSync("kill", child.pid, "SIGCONT");
    await reading;
    system.callSync("kill", child.pid, "SIGKILL");
  });
});

describe("spawn", () => {
  it("gives a child what its request names: pipes, the parent's descriptors, nothing", async () => {
    const { system } = stage({
      child: async (child) => {
        const input = decode(await child.call("read", 0, 100, null));
        await child.call("write", 1, encode(`out ${input}`), null);
        await child.call("write", 3, encode(decode(await child.call("read", 3, 9, null))), null);
        return child.callSync("read", 4, 10, null).byteLength;
      },
    });
    const streams: ChildStream[] = [
      { from: "pipe" },
      { from: "pipe" },
      nothing,
      { from: "pipe" },
      nothing,
    ];
    const { pid, fds } = system.callSync("spawn", request("child", { streams }));
    const [input = -1, output = -1, , both = -1] = fds.map((fd) => fd ?? -1);
    expect(fds[2]).toBeNull();
    system.callSync("write", input, encode("in"), null);
    expect(decode(await system.call("read", output, 100, null))).toBe("out in");
    system.callSync("write", both, encode("both"), null);
    expect(decode(await system.call("read", both, 100, null))).toBe("both");
    expect(await system.call("wait", pid)).toMatchObject({ code: 0 });
    expect((await system.call("read", output, 100, null)).byteLength).toBe(0);
  });

  it("leaves nothing open when it fails", () => {
    const { system } = stage({});
    const before = system.callSync("duplicate", 0);
    system.callSync("close", before);
    for (const bad of [
      request("x", { file: "no-such-program" }),
      request("x", { cwd: "/missing" }),
      request("x", { streams: [{ from: "pipe" }, { from: "parent", fd: 99 }] }),
      request("x", { streams: [{ from: "pipe" }], group: 4_711 }),
    ]) {
      expect(() => system.callSync("spawn", bad)).toThrow(/ENOENT|EBADF|EPERM/);
    }
    expect(system.callSync("duplicate", 0)).toBe(before);
  });

  it("refuses more processes than there may be", () => {
    const { system } = stage({ forever });
    const spawnAll = (): void => {
      for (let count = 0; count < 100; count++) system.callSync("spawn", request("forever"));
    };
    expect(spawnAll).toThrow("EAGAIN");
  });

  it("passes a message channel on to the child", async () => {
    const { system } = stage({
      child: (child) =>
        new Promise((resolve) => {
          child.start.channel?.addEventListener("message", ({ data }) => {
            child.start.channel?.close();
            resolve(data);
          });
          child.start.channel?.start();
        }),
    });
    const { port1, port2 } = new MessageChannel();
    const { pid } = system.callSync("spawn", request("child", { channel: port2 }));
    port1.postMessage(42);
    expect(await system.call("wait", pid)).toMatchObject({ code: 42 });
  });
});

describe("the end of a process", () => {
  it("comes after what it wrote, even when nobody has read it yet", async () => {
    const { system } = stage({
      child: (child) => {
        void child.call("write", 1, new Uint8Array(200_000), null);
        return Promise.resolve().then(() => child.exit(5));
      },
    });
    const streams: ChildStream[] = [nothing, { from: "pipe" }, nothing];
    const { pid, fds } = system.callSync("spawn", request("child", { streams }));
    let ended = false;
    const waiting = system.call("wait", pid).then((result) => {
      ended = true;
      return result;
    });
    await settle();
    expect(ended).toBe(false);
    let total = 0;
    for (;;) {
      const bytes = await system.call("read", fds[1] ?? -1, 50_000, null);
      if (bytes.byteLength === 0) break;
      total += bytes.byteLength;
    }
    expect(total).toBe(200_000);
    expect(await waiting).toMatchObject({ code: 5 });
  });

  it("closes its descriptors: the reader's end comes, the writer gets SIGPIPE", async () => {
    const { system } = stage({
      reader: () => 0,
      writer: async (child) => {
        for (;;) await child.call("write", 1, new Uint8Array(1_000), null);
      },
    });
    const { readEnd, writeEnd } = system.callSync("pipe");
    const toWriter: ChildStream[] = [nothing, { from: "parent", fd: writeEnd }, nothing];
    const writer = system.callSync("spawn", request("writer", { streams: toWriter }));
    const reader = system.callSync(
      "spawn",
      request("reader", { streams: [{ from: "parent", fd: readEnd }] }),
    );
    system.callSync("close", readEnd);
    system.callSync("close", writeEnd);
    expect(await system.call("wait", reader.pid)).toMatchObject({ code: 0 });
    expect(await system.call("wait", writer.pid)).toMatchObject({ signal: "SIGPIPE" });
  });
});

function stage(mains: Readonly<Record<string, Main>>): { box: KernelInThread; system: System } {
  const kernel = box(mains);
  return { box: kernel, system: kernel.system() };
}

function stateOf(system: System, pid: number): string | undefined {
  const name: SystemCallName = "processes";
  return system.callSync(name).find((process) => process.pid === pid)?.state;
}

/** Everything that can run without anybody else has run. */
async function settle(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 5));
}
