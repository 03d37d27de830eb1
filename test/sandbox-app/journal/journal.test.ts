import { describe, expect, it } from "vitest";
import type { Outcome } from "#protocol/frames.ts";
import {
  CallBook,
  CALLS_HELD_MAX,
  READS_KEPT_MAX_CHARS,
  SETTLED_REMEMBERED_MAX,
} from "#sandbox/journal/call-book.ts";
import { type JournalEntry, type JournalEvent, stepJournal } from "#sandbox/journal/journal.ts";
import { MemoryJournal, recoverEntry } from "#sandbox/journal/storage.ts";

const outcome: Outcome = { ok: true, output: {} };

/** The verdicts of a row of events, and the last entry. */
function play(...events: JournalEvent[]) {
  let entry: JournalEntry | undefined;
  const verdicts = events.map((event) => {
    const step = stepJournal(entry, event);
    ({ entry } = step);
    return step.verdict;
  });
  return { verdicts, entry };
}

describe("stepJournal", () => {
  it("lets a changing call run after offer, claim and go [CALL-3]", () => {
    expect(play({ type: "offered", epoch: 1 }, { type: "allowed", epoch: 1 })).toEqual({
      verdicts: ["claim", "run"],
      entry: { state: "running" },
    });
  });

  it("does not run on a go that belongs to no claim of this epoch [CALL-3] [EPOCH-1]", () => {
    expect(play({ type: "allowed", epoch: 1 }).verdicts).toEqual(["nothing"]);
    const { verdicts } = play(
      { type: "offered", epoch: 1 },
      { type: "allowed", epoch: 2 },
      { type: "welcomed", epoch: 2 },
      { type: "allowed", epoch: 2 },
      { type: "offered", epoch: 2 },
      { type: "allowed", epoch: 2 },
    );
    expect(verdicts).toEqual(["claim", "nothing", "nothing", "nothing", "claim", "run"]);
  });

  it("never runs what was cancelled before its go [CALL-9]", () => {
    const { verdicts } = play(
      { type: "offered", epoch: 1 },
      { type: "withdrawn" },
      { type: "allowed", epoch: 1 },
    );
    expect(verdicts).toEqual(["claim", "nothing", "nothing"]);
  });

  it("sends a kept outcome once in each epoch until it is acknowledged [CALL-4] [CALL-5]", () => {
    const { verdicts, entry } = play(
      { type: "offered", epoch: 1 },
      { type: "allowed", epoch: 1 },
      { type: "finished", outcome, epoch: 1 },
      { type: "offered", epoch: 1 },
      { type: "welcomed", epoch: 2 },
      { type: "offered", epoch: 2 },
      { type: "acknowledged", kind: "change" },
      { type: "welcomed", epoch: 3 },
      { type: "offered", epoch: 3 },
    );
    expect(verdicts.slice(2)).toEqual([
      "answer",
      "nothing",
      "answer",
      "nothing",
      "nothing",
      "nothing",
      "nothing",
    ]);
    expect(entry).toEqual({ state: "settled" });
  });

  it("keeps the first outcome", () => {
    const late: Outcome = { ok: true, output: { late: true } };
    const { verdicts, entry } = play(
      { type: "called", epoch: 1 },
      { type: "finished", outcome, epoch: 1 },
      { type: "finished", outcome: late, epoch: 1 },
    );
    expect(verdicts).toEqual(["run", "answer", "nothing"]);
    expect(entry).toEqual({ state: "done", outcome, sentIn: 1 });
  });

  it("lets a read run again after its acknowledgement [END-4]", () => {
    const { verdicts } = play(
      { type: "called", epoch: 1 },
      { type: "called", epoch: 2 },
      { type: "finished", outcome, epoch: 2 },
      { type: "acknowledged", kind: "read" },
      { type: "called", epoch: 3 },
    );
    expect(verdicts).toEqual(["run", "nothing", "answer", "nothing", "run"]);
  });
});

describe("recoverEntry", () => {
  it("says outcome_unknown of what was running, and forgets mere claims", () => {
    expect(recoverEntry({ state: "claimed", epoch: 4 })).toBeUndefined();
    expect(recoverEntry({ state: "running" })).toMatchObject({
      state: "done",
      outcome: { ok: false, error: { code: "outcome_unknown" } },
      sentIn: null,
    });
    expect(recoverEntry({ state: "done", outcome, sentIn: 3 })).toMatchObject({ sentIn: null });
    expect(recoverEntry({ state: "settled" })).toEqual({ state: "settled" });
  });
});

describe("CallBook", () => {
  const finish = (book: CallBook, call: string, result = outcome) =>
    book.step(call, { type: "finished", outcome: result, epoch: 1 });

  it("takes over what an earlier tab kept, and never runs it again", async () => {
    const storage = new MemoryJournal();
    await storage.write("running-1", { state: "running" });
    await storage.write("settled-1", { state: "settled" });
    await storage.write("claimed-1", { state: "claimed", epoch: 1 });
    const book = new CallBook(storage);
    await book.recover();
    expect(book.held()).toEqual(["running-1"]);
    for (const call of ["running-1", "settled-1"]) {
      expect(book.step(call, { type: "offered", epoch: 2 }, "change").verdict).not.toBe("claim");
    }
    expect((await storage.read()).map(([call]) => call)).toEqual(["running-1", "settled-1"]);
  });

  it("stores changing calls, and leaves no row of reading ones [CALL-1]", async () => {
    const storage = new MemoryJournal();
    const book = new CallBook(storage);
    book.step("read-1", { type: "called", epoch: 1 }, "read");
    await book.step("change-1", { type: "offered", epoch: 1 }, "change").stored;
    expect(await storage.read()).toEqual([["change-1", { state: "claimed", epoch: 1 }]]);
    book.step("change-1", { type: "withdrawn" });
    expect(await storage.read()).toEqual([]);
  });

  it("forgets the oldest settled calls, in the storage too", async () => {
    const storage = new MemoryJournal();
    const book = new CallBook(storage);
    for (let index = 0; index <= SETTLED_REMEMBERED_MAX; index++) {
      const call = `call-${index}`;
      book.step(call, { type: "offered", epoch: 1 }, "change");
      book.step(call, { type: "allowed", epoch: 1 });
      finish(book, call);
      book.step(call, { type: "acknowledged", kind: "change" });
    }
    expect(book.entry("call-0")).toBeUndefined();
    expect(book.entry("call-1")).toEqual({ state: "settled" });
    expect(await storage.read()).toHaveLength(SETTLED_REMEMBERED_MAX);
  });

  it("is full with CALLS_HELD_MAX calls", () => {
    const book = new CallBook(new MemoryJournal());
    for (let index = 0; index < CALLS_HELD_MAX; index++) {
      expect(book.full).toBe(false);
      book.step(`call-${index}`, { type: "called", epoch: 1 }, "read");
    }
    expect(book.full).toBe(true);
  });

  it("lets go the oldest outcomes of reads when they grow too large", () => {
    const book = new CallBook(new MemoryJournal());
    const large: Outcome = { ok: true, output: { text: "x".repeat(READS_KEPT_MAX_CHARS / 3) } };
    for (let index = 0; index < 4; index++) {
      book.step(`call-${index}`, { type: "called", epoch: 1 }, "read");
      finish(book, `call-${index}`, large);
    }
    expect(book.held()).toEqual(["call-2", "call-3"]);
  });
});
