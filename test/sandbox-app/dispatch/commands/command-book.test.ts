import { expect, it } from "vitest";
import { CommandBook, ENDED_MAX, randomId } from "#sandbox/dispatch/commands/command-book.ts";
import { LOG_LIMITS, LOGS_MAX_BYTES } from "#sandbox/dispatch/commands/log-room.ts";
import type { Process, ProcessExit, Signal } from "#sandbox/runtime/runtime.ts";
import { HandClock } from "../../../support/hand-clock.ts";

/** A process in the test's hand. */
function fakeProcess(written = "") {
  const exit = Promise.withResolvers<ProcessExit>();
  const signals: (Signal | undefined)[] = [];
  const process: Process = {
    id: "7",
    stdin: new WritableStream(),
    stdout: new Blob([written]).stream(),
    stderr: null,
    exit: exit.promise,
    kill: (signal) => signals.push(signal),
  };
  return { process, signals, end: (code: number) => exit.resolve({ code, signal: null }) };
}

function newBook() {
  let next = 0;
  const clock = new HandClock();
  return { clock, book: new CommandBook({ clock, newId: () => `p_${(next += 1)}` }) };
}

it("forgets what ended first when there are too many, and nothing that runs", async () => {
  const { book } = newBook();
  const running = book.add(fakeProcess().process, "first", "test");
  for (let index = 0; index < ENDED_MAX + 3; index++) {
    const { process, end } = fakeProcess();
    const command = book.add(process, "x", "test");
    end(0);
    await command.ended;
  }
  await Promise.resolve();
  expect(book.ended()).toHaveLength(ENDED_MAX);
  expect(() => book.get("p_2")).toThrow(/no process "p_2"/);
  expect(book.get("p_5").end).toEqual({ status: "exited", exit_code: 0 });
  expect(book.get(running.start.id)).toBe(running);
  expect(book.running()).toEqual([running]);
});

it("lets the longest logs give when all together are too long", async () => {
  const { book } = newBook();
  const write = async (chars: number) => {
    const { process, end } = fakeProcess("x".repeat(chars));
    const command = book.add(process, "x", "test");
    end(0);
    await command.ended;
    return command;
  };
  const short = await write(1_000_000);
  const floods = [];
  for (let bytes = 0; bytes <= LOGS_MAX_BYTES; bytes += LOG_LIMITS.maxBytes) {
    floods.push(await write(LOG_LIMITS.maxBytes + 10));
  }
  const kept = [short, ...floods].reduce((sum, { log }) => sum + log.bytes, 0);
  expect(kept).toBeLessThanOrEqual(LOGS_MAX_BYTES);
  expect(kept).toBeGreaterThan(LOGS_MAX_BYTES - LOG_LIMITS.blockChars);
  expect([short.log.start, short.log.end]).toEqual([0, 1_000_000]);
  for (const { log } of floods) {
    expect(log.end).toBe(LOG_LIMITS.maxBytes + 10);
    expect(log.end - log.start).toBeGreaterThan(LOG_LIMITS.maxBytes / 2);
    expect(log.slice(log.start, log.start + 3)).toBe("xxx");
  }
});

it("ends its commands, and every wait for them, with the runtime", async () => {
  const { book } = newBook();
  const { process, signals } = fakeProcess();
  const command = book.add(process, "sleep", "test");
  const waited = command.until(() => command.end !== undefined, 60_000);
  book.dispose();
  expect(await waited).toBe(true);
  expect(command.standing).toEqual({ status: "killed", exit_code: null });
  expect(signals).toEqual(["SIGKILL"]);
  expect(() => command.signal("SIGTERM")).not.toThrow();
  expect(signals).toHaveLength(1);
});

it("waits until the condition holds, the time is over, or the call is", async () => {
  const { book, clock } = newBook();
  const { process, end } = fakeProcess();
  const command = book.add(process, "sleep", "test");
  const isOver = () => command.end !== undefined;
  expect(await command.until(isOver, 0)).toBe(false);
  const late = command.until(isOver, 1_000);
  clock.advance(1_000);
  expect(await late).toBe(false);
  const abort = new AbortController();
  const cancelled = command.until(isOver, 1_000, abort.signal);
  abort.abort();
  expect(await cancelled).toBe(false);
  expect(await command.until(isOver, 1_000, abort.signal)).toBe(false);
  const inTime = command.until(isOver, 1_000);
  end(3);
  expect(await inTime).toBe(true);
  expect(await command.until(isOver, 0)).toBe(true);
});

it("makes ids that differ, and that a caller may write", () => {
  const ids = Array.from({ length: 100 }, randomId);
  expect(new Set(ids).size).toBe(100);
  for (const id of ids) expect(id).toMatch(/^p_[0-9a-f]{12}$/);
});
