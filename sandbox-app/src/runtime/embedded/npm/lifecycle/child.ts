import { SignalNumber, type SpawnRequest, type System } from "../../kernel/system-calls.ts";

/** Added to a signal's number by a shell whose child it ended (POSIX.1-2017, shell, 2.8.2). */
const SIGNALLED = 128;

/**
 * Runs a program with npm's own input and output, and waits for it. Ctrl-C is for the program: npm
 * stays to tell how it ended.
 *
 * @returns exit code
 */
export async function runChild(
  system: System,
  request: Omit<SpawnRequest, "streams">,
): Promise<number> {
  await system.call("signalAction", "SIGINT", "event");
  const { pid } = await system.call("spawn", {
    ...request,
    streams: [0, 1, 2].map((fd) => ({ from: "parent", fd })),
  });
  const forward = system.onEvent((event) => {
    // A terminal sends SIGINT to the whole group; SIGTERM comes to npm alone.
    if (event.type === "signal" && event.signal === "SIGTERM") {
      void system.call("kill", pid, "SIGTERM").catch(() => {});
    }
  });
  await system.call("signalAction", "SIGTERM", "event");
  try {
    const ended = await system.call("wait", pid);
    if (ended === null) return 1;
    return ended.code ?? SIGNALLED + (ended.signal === null ? 0 : SignalNumber[ended.signal]);
  } finally {
    forward();
    await system.call("signalAction", "SIGINT", "default");
    await system.call("signalAction", "SIGTERM", "default");
  }
}
