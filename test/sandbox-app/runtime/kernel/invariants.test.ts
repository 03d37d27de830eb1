import { describe, expect, it } from "vitest";
import { Kernel } from "#sandbox/runtime/embedded/kernel/kernel.ts";
import { NullDevice } from "#sandbox/runtime/embedded/kernel/open/device.ts";
import { Terminal, TerminalFile } from "#sandbox/runtime/embedded/kernel/open/terminal.ts";
import { newProcess } from "#sandbox/runtime/embedded/kernel/process/new-process.ts";
import { INIT } from "#sandbox/runtime/embedded/kernel/process/process.ts";
import { ProcessTable } from "#sandbox/runtime/embedded/kernel/process/process-table.ts";
import type {
  ChildStream,
  SignalName,
  System,
} from "#sandbox/runtime/embedded/kernel/system-calls.ts";
import { KernelInThread } from "#test/support/kernel-in-thread.ts";

/** Numbers that are the same in every run (mulberry32). */
function randomOf(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const streams: readonly ChildStream[] = [{ from: "pipe" }, { from: "pipe" }, { from: "null" }];
const signals: readonly SignalName[] = ["SIGKILL", "SIGTERM", "SIGSTOP", "SIGCONT", "SIGINT"];

/** Processes that do whatever the dice say, in one session. */
class World {
  readonly box: KernelInThread;
  readonly root: System;
  readonly #systems = new Map<number, System>();
  readonly #random: (below: number) => number;

  constructor(seed: number) {
    this.#random = randomOf(seed);
    this.box = new KernelInThread({
      shell: (system) => {
        this.#systems.set(system.start.pid, system);
        return new Promise(() => {});
      },
    });
    this.root = this.box.system();
    this.root.callSync("signalAction", "SIGPIPE", "event");
  }

  step(): void {
    const actors = this.#alive();
    const system = actors[this.#random(actors.length)] ?? this.root;
    const other = actors[this.#random(actors.length)] ?? this.root;
    try {
      this.#act(system, other.start.pid);
    } catch {
      // Many of the dice ask for what there is not; the exit of a process throws as well.
    }
  }

  #act(system: System, pid: number): void {
    const fd = this.#random(12);
    const ignore = (): void => {};
    switch (this.#random(11)) {
      case 0:
      case 1:
        system.callSync("spawn", {
          file: "bash",
          argv: ["bash"],
          cwd: "/",
          env: {},
          streams,
          newGroup: this.#random(3) === 0,
        });
        break;
      case 2:
        void system.call("read", fd, 1 + this.#random(100_000), null).catch(ignore);
        break;
      case 3:
        void system.call("write", fd, new Uint8Array(this.#random(100_000)), null).catch(ignore);
        break;
      case 4:
        void system.call("wait", -1, { poll: this.#random(2) === 0 }).catch(ignore);
        break;
      case 5:
        void system.call("accept", system.callSync("listen", 0).fd).catch(ignore);
        break;
      case 6:
        system.callSync("connect", this.box.kernel.ports.open()[this.#random(4)]?.port ?? 1);
        break;
      case 7:
        system.callSync("close", fd);
        break;
      case 8:
        system.callSync("duplicateTo", fd, this.#random(12));
        break;
      case 9:
        if (pid !== this.root.start.pid)
          system.callSync("kill", this.#random(4) === 0 ? -pid : pid, this.#signal());
        break;
      default:
        if (system !== this.root) system.exit(this.#random(256));
    }
  }

  /** What is wrong in the kernel's books. */
  faults(): string[] {
    const { table, ports } = this.box.kernel;
    const faults: string[] = [];
    for (const { pid, parent, state, descriptors } of table.list()) {
      const above = table.get(parent);
      if (parent !== INIT && above === undefined) faults.push(`${pid} has no parent`);
      if (state.status !== "ended") continue;
      const isAwaited = above !== undefined && above.state.status !== "ended";
      if (!isAwaited) faults.push(`nobody waits for ${pid}`);
      for (let fd = 0; fd < 100; fd++) if (descriptors.has(fd)) faults.push(`${pid} holds ${fd}`);
    }
    for (const { pid, port } of ports.open()) {
      const isAlive = table.get(pid) !== undefined && table.get(pid)?.state.status !== "ended";
      if (!isAlive) faults.push(`${pid} listens on ${port}`);
    }
    return faults;
  }

  #alive(): System[] {
    const { table } = this.box.kernel;
    const alive = table.list().filter(({ state }) => state.status === "running");
    const systems = alive.flatMap(({ pid }) => this.#systems.get(pid) ?? []);
    return [this.root, ...systems];
  }

  /** The root process is in its own group, and nobody kills it. */
  #signal(): SignalName {
    return signals[this.#random(signals.length)] ?? "SIGKILL";
  }
}

describe("whatever processes do", () => {
  it.each([1, 2, 3, 4, 5])("the kernel's books stay right (seed %i)", async (seed) => {
    const world = new World(seed);
    const { root, box } = world;
    for (let step = 0; step < 1_000; step++) {
      world.step();
      if (step % 3 === 0) await settle();
      if (step % 10 === 0) expect(world.faults()).toEqual([]);
    }
    const { table, ports } = box.kernel;
    for (const process of table.list()) {
      if (process.pid !== root.start.pid) box.kernel.signal(process, "SIGKILL");
    }
    await settle();
    for (let count = 0; count < 10_000; count++) {
      if ((await root.call("wait", -1, { poll: true }).catch(() => null)) === null) break;
    }
    expect(table.list().map(({ pid }) => pid)).toEqual([root.start.pid]);
    // What root itself listens on is all that may be left.
    expect(ports.open().every(({ pid }) => pid === root.start.pid)).toBe(true);
    for (let fd = 0; fd < 1_024; fd++) await root.call("close", fd).catch(() => {});
    expect(ports.open()).toEqual([]);
  });

  it("two hundred children leave no descriptor, no record and no end of a pipe behind", async () => {
    const box = new KernelInThread({
      shell: async (system) => {
        const bytes = await system.call("read", 0, 100, null);
        await system.call("write", 1, bytes, null);
        return 0;
      },
    });
    const root = box.system();
    root.callSync("signalAction", "SIGPIPE", "event");
    const first = root.callSync("duplicate", 0);
    root.callSync("close", first);
    for (let count = 0; count < 200; count++) {
      const { pid, fds } = root.callSync("spawn", {
        file: "bash",
        argv: ["bash"],
        cwd: "/",
        env: {},
        streams,
      });
      const [input = null, output = null] = fds;
      if (input === null || output === null) throw new Error("no pipes");
      await root.call("write", input, new Uint8Array(10), null);
      expect((await root.call("read", output, 100, null)).byteLength).toBe(10);
      expect((await root.call("read", output, 100, null)).byteLength).toBe(0);
      await expect(root.call("write", input, new Uint8Array(1), null)).rejects.toThrow("EPIPE");
      root.callSync("close", input);
      root.callSync("close", output);
      expect(await root.call("wait", pid)).toMatchObject({ code: 0 });
    }
    expect(root.callSync("duplicate", 0)).toBe(first);
    expect(box.kernel.table.records).toBe(1);
  });
});

describe("the dead", () => {
  it("take no line of the living, when ctrl-C and a line before it came in one piece", async () => {
    const box = new KernelInThread({ shell: () => new Promise(() => {}) });
    const terminal = new Terminal({ columns: 80, rows: 24 }, box.kernel);
    const parent = box.system({ terminal, files: [new TerminalFile(terminal, 1)] });
    parent.callSync("signalAction", "SIGINT", "event");
    const { pid } = parent.callSync("spawn", {
      file: "bash",
      argv: ["bash"],
      cwd: "/",
      env: {},
      streams: [{ from: "parent", fd: 0 }],
    });
    const child = box.kernel.table.get(pid);
    if (child === undefined) throw new Error("no child");
    void terminal.read(100, child).catch(() => null);
    await terminal.type(encode("early\n\u0003"));
    expect(await parent.call("wait", pid)).toMatchObject({ signal: "SIGINT" });
    const line = parent.call("read", 0, 100, null);
    await settle();
    await terminal.type(encode("for the living\n"));
    expect(new TextDecoder().decode(await line)).toBe("for the living\n");
  });

  it("keep their number for as long as a group or a session is named after them", () => {
    const table = new ProcessTable();
    const member = { parent: null, argv: [], terminal: null, startedAt: 0 };
    const orphan = newProcess({ ...member, pid: table.nextPid() });
    orphan.group = table.nextPid();
    table.add(orphan);
    const given = new Set<number>();
    for (let count = 0; count < 70_000; count++) given.add(table.nextPid());
    expect(given.has(orphan.group)).toBe(false);
    expect(given.has(orphan.pid)).toBe(false);
    expect(given.size).toBe(32_768 - 1 - 2);
  });
});

describe("a process whose worker cannot be made", () => {
  it("is not there, and holds nothing", () => {
    const { files } = new KernelInThread();
    const kernel = new Kernel({
      files,
      now: () => 0,
      launch: () => {
        throw new Error("no more workers");
      },
    });
    let isClosed = false;
    const file = new (class extends NullDevice {
      override close(): void {
        isClosed = true;
      }
    })();
    const spawn = () =>
      kernel.spawn({
        file: "bash",
        argv: ["bash"],
        cwd: "/",
        env: {},
        files: [file],
        parent: null,
        group: null,
        terminal: null,
        channel: null,
      });
    expect(spawn).toThrow("no more workers");
    expect(kernel.table.records).toBe(0);
    expect(isClosed).toBe(true);
  });
});
