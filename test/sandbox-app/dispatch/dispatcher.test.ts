import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DiscoError } from "#protocol/errors.ts";
import type { RelayFrame, TabFrame } from "#protocol/frames.ts";
import type { TabContext, TabHandlers } from "#sandbox/dispatch/context.ts";
import { Dispatcher, STOP_GRACE_MS } from "#sandbox/dispatch/dispatcher.ts";
import { CallBook, CALLS_HELD_MAX } from "#sandbox/journal/call-book.ts";
import { type JournalStorage, MemoryJournal } from "#sandbox/journal/storage.ts";
import { FileError, type Runtime } from "#sandbox/runtime/runtime.ts";
import type { CallEvent } from "#sandbox/tab/events.ts";
import { HandClock } from "../../support/hand-clock.ts";

/** One run of a handler, which ends when the test says so. */
interface Run {
  readonly input: Record<string, unknown>;
  readonly context: TabContext;
  readonly end: (output?: object) => void;
  readonly fail: (error: unknown) => void;
}

/** A dispatcher whose handlers are in the test's hand. */
class Stage {
  readonly clock = new HandClock();
  readonly sent: TabFrame[] = [];
  readonly events: CallEvent[] = [];
  readonly runs: Run[] = [];
  readonly dispatcher: Dispatcher;
  epoch = 0;

  constructor(storage: JournalStorage = new MemoryJournal()) {
    const handler = (input: Record<string, unknown>, context: TabContext) =>
      new Promise<never>((resolve, reject) => {
        const end = (output: object = {}) => resolve(output as never);
        this.runs.push({ input, context, end, fail: reject });
      });
    const names = ["list_files", "read_file", "write_file", "run_command"];
    this.dispatcher = new Dispatcher({
      handlers: Object.fromEntries(names.map((name) => [name, handler])) as unknown as TabHandlers,
      book: new CallBook(storage),
      clock: this.clock,
      send: (frame) => this.sent.push(frame),
      emit: (event) => this.events.push(event),
    });
    // No handler of this test touches it.
    this.dispatcher.setRuntime({ state: "ready", runtime: {} as Runtime });
  }
  async receive(...frames: RelayFrame[]): Promise<this> {
    for (const frame of frames) this.dispatcher.receive(frame);
    await settle();
    return this;
  }
  async welcome(): Promise<this> {
    this.epoch += 1;
    return this.receive({ type: "welcome", epoch: this.epoch, container: "c" });
  }
  work(type: "call" | "offer", call: string, over: object = {}): RelayFrame {
    const operation = type === "call" ? "read_file" : "write_file";
    const input = type === "call" ? { path: "x" } : { path: "x", content: "" };
    const rest = { operation, input, timeout_ms: 10_000, client: "test" };
    return { type, call, epoch: this.epoch, ...rest, ...over };
  }
  go(call: string): RelayFrame {
    return { type: "go", call, epoch: this.epoch };
  }
  outcomes(call: string) {
    return this.sent.flatMap((frame) =>
      frame.type === "outcome" && frame.call === call ? [frame] : [],
    );
  }
}

/** Lets everything run that waits for nothing but its turn. */
const settle = () => new Promise<void>((resolve) => setImmediate(resolve));
const CALL = "call-0001";

describe("Dispatcher", () => {
  it("answers a call, and tells the page what it shows [CALL-1]", async () => {
    const stage = await new Stage().welcome();
    await stage.receive(stage.work("call", CALL));
    expect(stage.runs[0]?.input).toMatchObject({ path: "x", offset: 1 });
    stage.runs[0]?.context.output("stdout", "hello");
    stage.runs[0]?.end({ text: "t" });
    await settle();
    const outcome = { ok: true, output: { text: "t" } };
    expect(stage.sent).toEqual([{ type: "outcome", call: CALL, epoch: 1, outcome }]);
    expect(stage.events).toMatchObject([
      { type: "started", operation: "read_file", summary: "Read x", client: "test" },
      { type: "output", stream: "stdout", text: "hello" },
      { type: "ended", outcome },
    ]);
  });

  it("runs an offer only after its go, once [CALL-3]", async () => {
    const stage = await new Stage().welcome();
    await stage.receive(stage.work("offer", CALL));
    expect(stage.sent).toEqual([{ type: "claim", call: CALL, epoch: 1 }]);
    expect(stage.runs).toHaveLength(0);
    await stage.receive(stage.go(CALL), stage.go(CALL), stage.work("offer", CALL));
    expect(stage.runs).toHaveLength(1);
  });

  it("does not claim what its storage cannot remember, nor run it", async () => {
    const storage = new MemoryJournal();
    storage.write = () => Promise.reject(new Error("The disk is full."));
    const stage = await new Stage(storage).welcome();
    await stage.receive(stage.work("offer", CALL));
    await stage.receive(stage.go(CALL));
    expect([stage.sent, stage.runs]).toEqual([[], []]);
  });

  it("claims only after the storage has it, and not for a relay that is gone", async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const storage = new MemoryJournal();
    storage.write = () => promise;
    const stage = await new Stage(storage).welcome();
    await stage.receive(stage.work("offer", CALL));
    expect(stage.sent).toEqual([]);
    await stage.welcome();
    resolve();
    await settle();
    expect(stage.sent).toEqual([]);
  });

  it("ignores frames of another epoch [EPOCH-1]", async () => {
    const stage = await new Stage().welcome();
    await stage.receive(stage.work("offer", CALL));
    const old = stage.go(CALL);
    await stage.welcome();
    await stage.receive(old, stage.work("call", CALL, { epoch: 1 }));
    expect(stage.runs).toHaveLength(0);
  });

  it("keeps an outcome until its ack, and sends it after each welcome [CALL-5]", async () => {
    const stage = await new Stage().welcome();
    await stage.receive(stage.work("offer", CALL), stage.go(CALL));
    stage.runs[0]?.end();
    await settle();
    await stage.welcome();
    await stage.receive(stage.work("offer", CALL));
    expect(stage.outcomes(CALL).map((frame) => frame.epoch)).toEqual([1, 2]);
    await stage.receive({ type: "ack", call: CALL });
    await stage.welcome();
    await stage.receive(stage.work("offer", CALL));
    expect(stage.outcomes(CALL)).toHaveLength(2);
    expect(stage.runs).toHaveLength(1);
  });

  it("parses the input again, and refuses what it does not know [CALL-8]", async () => {
    const stage = await new Stage().welcome();
    await stage.receive(
      stage.work("call", "call-input", { input: { path: 7 } }),
      stage.work("call", "call-unknown", { operation: "no_such" }),
      stage.work("call", "call-edge", { operation: "container_status" }),
      stage.work("call", "call-change", { operation: "write_file" }),
    );
    const codes = stage.sent.map(
      (frame) => frame.type === "outcome" && !frame.outcome.ok && frame.outcome.error.code,
    );
    expect(codes).toEqual(["invalid_input", "unknown_operation", "unknown_operation", "internal"]);
    expect([stage.runs, stage.events]).toEqual([[], []]);
  });

  it("says why the runtime cannot run it [STATE-1]", async () => {
    const stage = await new Stage().welcome();
    stage.dispatcher.setRuntime({ state: "booting" });
    await stage.receive(stage.work("call", CALL));
    stage.dispatcher.setRuntime({ state: "error", message: "no memory" });
    await stage.receive(stage.work("call", "call-0002"));
    expect(stage.sent).toMatchObject([
      { outcome: { error: { code: "runtime_not_ready" } } },
      { outcome: { error: { code: "runtime_failed", message: "no memory" } } },
    ]);
  });

  it("answers also when its handler fails, without telling what is not ours [CALL-4]", async () => {
    const stage = await new Stage().welcome();
    await stage.receive(stage.work("call", CALL), stage.work("call", "call-0002"));
    stage.runs[0]?.fail(new DiscoError("file_not_found", "x".repeat(9_000)));
    stage.runs[1]?.fail(new FileError("ENOENT", "/secret", "ENOENT: /secret"));
    await settle();
    expect(stage.outcomes(CALL)).toMatchObject([
      { outcome: { error: { code: "file_not_found" } } },
    ]);
    expect(JSON.stringify(stage.outcomes(CALL)).length).toBeLessThan(4_200);
    expect(stage.outcomes("call-0002")).toMatchObject([
      { outcome: { error: { code: "internal" } } },
    ]);
    expect(JSON.stringify(stage.sent)).not.toContain("secret");
  });

  it("replaces an outcome that no frame can hold [FRAG-3]", async () => {
    const stage = await new Stage().welcome();
    await stage.receive(stage.work("call", CALL));
    stage.runs[0]?.end({ text: "\0".repeat(5 * 1024 * 1024) });
    await settle();
    expect(stage.outcomes(CALL)).toMatchObject([{ outcome: { error: { code: "too_large" } } }]);
  });

  it("aborts the signal on cancel, and answers for a handler that does not stop [CALL-9]", async () => {
    const stage = await new Stage().welcome();
    const [read, change] = ["call-read", "call-change"];
    await stage.receive(stage.work("call", read), stage.work("offer", change), stage.go(change));
    const cancel = (call: string): RelayFrame => ({ type: "cancel", call, epoch: 1 });
    await stage.receive(cancel(read), cancel(change));
    expect(stage.runs.map(({ context }) => context.signal.aborted)).toEqual([true, true]);
    expect(stage.outcomes(read)).toEqual([]);
    stage.clock.advance(STOP_GRACE_MS);
    expect(stage.outcomes(read)).toMatchObject([{ outcome: { error: { code: "cancelled" } } }]);
    expect(stage.outcomes(change)).toMatchObject([
      { outcome: { error: { code: "outcome_unknown" } } },
    ]);
    stage.runs[1]?.end();
    await settle();
    expect(stage.outcomes(change)).toHaveLength(1);
  });

  it("stops the work when its time has passed [CALL-10]", async () => {
    const stage = await new Stage().welcome();
    await stage.receive(stage.work("call", CALL, { timeout_ms: 500 }));
    stage.clock.advance(499);
    expect(stage.runs[0]?.context.signal.aborted).toBe(false);
    stage.clock.advance(1);
    const { reason } = stage.runs[0]!.context.signal;
    stage.runs[0]?.fail(reason);
    await settle();
    expect(stage.outcomes(CALL)).toMatchObject([
      { outcome: { error: { code: "deadline_exceeded" } } },
    ]);
  });

  it("forgets an offer without go when its time has passed [CALL-10]", async () => {
    const stage = await new Stage().welcome();
    await stage.receive(stage.work("offer", CALL, { timeout_ms: 500 }));
    stage.clock.advance(500);
    await stage.receive(stage.go(CALL));
    expect(stage.runs).toHaveLength(0);
  });

  it("turns calls away when it holds too many", async () => {
    const stage = await new Stage().welcome();
    for (let index = 0; index < CALLS_HELD_MAX; index++) {
      stage.dispatcher.receive(stage.work("call", `held-${index}`));
    }
    stage.sent.length = 0;
    await stage.receive(stage.work("call", "one-more"), stage.work("offer", "two-more"));
    expect(stage.sent).toMatchObject([
      { call: "one-more", outcome: { error: { code: "overloaded" } } },
    ]);
  });

  it("tells the page no more of an output than it can hold", async () => {
    const stage = await new Stage().welcome();
    await stage.receive(stage.work("call", CALL));
    for (let index = 0; index < 100; index++) {
      stage.runs[0]?.context.output("stdout", "x".repeat(10_000));
    }
    stage.runs[0]?.end({ text: "y".repeat(1_000_000) });
    await settle();
    expect(JSON.stringify(stage.events).length).toBeLessThan(400_000);
    expect(JSON.stringify(stage.events)).toContain("further output is not shown");
  });
});

describe("any order of frames", () => {
  const ids = ["change-a1", "change-b2", "reading-c3"];
  const step = fc.record({
    type: fc.constantFrom(
      ...[
        "through",
        "through",
        "work",
        "go",
        "cancel",
        "ack",
        "ack",
        "welcome",
        "end",
        "time",
        "old",
      ],
    ),
    call: fc.constantFrom(...ids),
    ms: fc.constantFrom(1, STOP_GRACE_MS, 10_000),
  });

  it("runs a changing call at most once, with one outcome per epoch [CALL-4] [CALL-9] [END-4]", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const stage = await new Stage().welcome();
        const acked = new Set<string>();
        for (const { type, call, ms } of steps) await playStep(stage, acked, type, call, ms);
        const startsOf = (id: string) =>
          stage.events.filter((event) => event.type === "started" && event.call === id).length;
        for (const run of stage.runs) run.end();
        await settle();
        await stage.welcome();
        for (const id of ids) {
          const epochs = stage.outcomes(id).map((frame) => frame.epoch);
          expect(startsOf(id)).toBeLessThanOrEqual(1);
          expect(new Set(epochs).size, "one outcome per epoch").toBe(epochs.length);
          const owes = startsOf(id) > 0 && !acked.has(id);
          expect(epochs.includes(stage.epoch), `${id} owes an outcome`).toBe(owes);
        }
      }),
      { numRuns: 400 },
    );
  });
});

/** What a relay may send, also one that repeats itself; a read comes with a new id after its ack. */
async function playStep(
  stage: Stage,
  acked: Set<string>,
  type: string,
  call: string,
  ms: number,
): Promise<void> {
  const isRead = call.startsWith("reading");
  const { epoch } = stage;
  if (type === "through") {
    // The usual way, so that what comes after it is met often.
    for (const part of ["work", "go", "end"]) await playStep(stage, acked, part, call, ms);
  } else if (type === "work" && !(isRead && acked.has(call))) {
    await stage.receive(stage.work(isRead ? "call" : "offer", call));
  } else if (type === "go") await stage.receive(stage.go(call));
  else if (type === "cancel") await stage.receive({ type: "cancel", call, epoch });
  else if (type === "old") await stage.receive({ type: "go", call, epoch: Math.max(1, epoch - 1) });
  else if (type === "welcome") await stage.welcome();
  else if (type === "time") stage.clock.advance(ms);
  else if (type === "end") stage.runs.at(-1)?.end();
  else if (type === "ack") {
    // A relay acknowledges what it received, and that only.
    if (stage.outcomes(call).length > 0) acked.add(call);
    await stage.receive({ type: "ack", call });
  }
  await settle();
}
