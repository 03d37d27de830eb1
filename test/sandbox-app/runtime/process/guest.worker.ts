import { startSystem } from "#sandbox/runtime/embedded/process/system.ts";
import type { System } from "#sandbox/runtime/embedded/kernel/system-calls.ts";

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Small programs, by the first argument, that do what tests look at. */
const programs: Readonly<Record<string, (system: System) => Promise<number> | number>> = {
  /** Copies its input to its output, synchronously. */
  copy: (system) => {
    for (;;) {
      const bytes = system.callSync("read", 0, 65_536, null);
      if (bytes.byteLength === 0) return 0;
      system.callSync("write", 1, bytes, null);
    }
  },
  /** Reads a large file back in one synchronous call and tells whether all of it is right. */
  large: (system) => {
    const size = 1_000_003;
    system.callSync(
      "writeFile",
      "/tmp/large",
      Uint8Array.from({ length: size }, (_, at) => at % 251),
    );
    const back = system.callSync("readFile", "/tmp/large");
    return back.byteLength === size && back.every((byte, at) => byte === at % 251) ? 0 : 1;
  },
  /** Prints what went wrong in a synchronous and in an asynchronous call. */
  fail: async (system) => {
    const told: string[] = [];
    try {
      system.callSync("readFile", "/tmp/missing");
    } catch (error) {
      told.push(`${(error as { code: string }).code} ${(error as { path: string }).path}`);
    }
    await system.call("read", 77, 1, null).catch((error: Error) => told.push(error.message));
    await system.call("write", 1, encode(told.join("\n")), null);
    return 3;
  },
  /** Replaces what a guest can replace, and listens where the kernel talks. */
  hostile: async (system) => {
    let heard = 0;
    self.addEventListener("message", () => heard++);
    Object.assign(self, { onmessage: () => heard++ });
    Object.assign(self, { postMessage: null, addEventListener: null, Atomics: null });
    await system.call("stat", "/tmp");
    system.callSync("write", 1, encode(`heard ${heard}`), null);
    return 0;
  },
  /** Sends the kernel what it does not know, then goes on. */
  nonsense: async (system) => {
    const calls = [
      ["write", 1, "text", null],
      ["write", 1, new Uint8Array(1), -5],
      ["truncate", "/tmp/x", Number.NaN],
      ["open", { toString: null }, 0],
      ["constructor"],
      ["stat", "relative"],
      ["spawn", { file: 1 }],
      ["signalAction", "SIGKILL", "ignore"],
      ["duplicateTo", 1, 4e9],
      ["kill", 1, "SIGKILL"],
    ];
    const codes: string[] = [];
    for (const [name, ...args] of calls) {
      const untyped = system as unknown as Record<"call", (...args: unknown[]) => Promise<unknown>>;
      await untyped
        .call(name, ...args)
        .then(() => codes.push("done"))
        .catch((error: { code: string }) => codes.push(error.code));
    }
    const { port1 } = new MessageChannel();
    for (const message of [
      null,
      undefined,
      1,
      { type: "call" },
      { type: "call", id: 1, sync: false, args: 1 },
      { type: "call", id: 1, name: { toString: 1, valueOf: 1 }, sync: false, args: [] },
      { type: "call", id: 1n, name: "stat", sync: true, args: ["/tmp"] },
      { type: "call", id: port1, name: "stat", sync: false, args: ["/tmp"] },
      { type: "more", id: 1n },
      { type: "more" },
    ]) {
      const isPort = typeof message === "object" && message?.id === port1;
      self.postMessage(message, { transfer: isPort ? [port1] : [] });
    }
    system.callSync("write", 1, encode(codes.join(" ")), null);
    return 0;
  },
  /** Makes calls until its stack is full, and tells whether those that follow get their own reply. */
  deep: (system) => {
    const dive = (): void => {
      system.callSync("stat", "/tmp");
      dive();
    };
    let strays = 0;
    for (let times = 0; times < 20; times++) {
      try {
        dive();
      } catch (error) {
        if (!(error instanceof RangeError)) strays++;
      }
      if (system.callSync("firstFile", ["/missing"]) !== -1) strays++;
    }
    return strays;
  },
  /** Writes a byte now and then, synchronously. */
  tick: (system) => {
    const never = new Int32Array(new SharedArrayBuffer(4));
    for (;;) {
      system.callSync("write", 1, encode("."), null);
      Atomics.wait(never, 0, 0, 5);
    }
  },
  /** Exits with what is no exit code. */
  strange: () => {
    self.postMessage({ type: "exit", code: 1n }, { transfer: [] });
    return new Promise<number>(() => {});
  },
  /** Turns until somebody ends it. */
  spin: (system) => {
    system.callSync("write", 1, encode("spinning"), null);
    for (;;);
  },
  /** Writes until nobody reads it. */
  yes: (system) => {
    for (;;) system.callSync("write", 1, encode("y\n".repeat(1_000)), null);
  },
  /** Starts `copy` with pipes, passes its own arguments through it and waits for its end. */
  parent: (system) => {
    const { pid, fds } = system.callSync("spawn", {
      file: "bash",
      argv: ["bash", "copy"],
      cwd: "/",
      env: {},
      streams: [{ from: "pipe" }, { from: "pipe" }, { from: "parent", fd: 2 }],
    });
    const [input, output] = fds;
    if (typeof input !== "number" || typeof output !== "number") return 9;
    system.callSync("write", input, encode("through the child"), null);
    system.callSync("close", input);
    system.callSync("write", 1, system.callSync("read", output, 100, null), null);
    return system.callSync("wait", pid)?.code === 0 ? 0 : 8;
  },
  /** Is told of SIGTERM and ends on its own terms. */
  polite: async (system) => {
    const signalled = new Promise<string>((resolve) => {
      system.onEvent((event) => event.type === "signal" && resolve(event.signal));
    });
    system.callSync("signalAction", "SIGTERM", "event");
    system.callSync("write", 1, encode("ready"), null);
    system.callSync("write", 1, encode(` ${await signalled}`), null);
    return 5;
  },
  /** Dies of a promise that nobody looks after. */
  reject: () => {
    void Promise.reject(new Error("unheard"));
    return new Promise<number>(() => {});
  },
  /** Dies of an error of its own. */
  crash: () => {
    setTimeout(() => {
      throw new Error("deliberate");
    });
    return new Promise<number>(() => {});
  },
};

const system = await startSystem();
const name = system.start.argv[1] ?? "";
const program = programs[name];
system.exit(program === undefined ? 127 : await program(system));
