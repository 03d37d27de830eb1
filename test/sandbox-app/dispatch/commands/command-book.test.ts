import { expect, it } from "vitest";
import {
  CommandBook,
  ENDED_LOG_MAX_CHARS,
  ENDED_MAX,
  randomId,
} from "#sandbox/dispatch/commands/command-book.ts";
import { LOG_MAX_CHARS } from "#sandbox/dispatch/commands/command.ts";
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

it("forgets earlier when their logs are long", async () => {
  const { book } = newBook();
  const fits = ENDED_LOG_MAX_CHARS / LOG_MAX_CHARS;
  for (let index = 0; index < fits + 2; index++) {
    const { process, end } = fakeProcess("x".repeat(LOG_MAX_CHARS + 10));
    const command = book.add(process, "x", "test");
    end(0);
    await command.ended;
    expect(command.log.start).toBe(10);
  }
  await Promise.resolve();
  expect(book.ended().map(({ start }) => start.id)[0]).toBe(`p_${fits + 2}`);
  expect(book.ended()).toHaveLength(fits);
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
