import { beforeEach, describe, expect, it, type MockInstance, vi } from "vitest";
import { DiscoError } from "#protocol/errors.ts";
import type { RelayFrame } from "#protocol/frames.ts";
import { PROGRESS_EVERY_MS } from "#protocol/limits.ts";
import { STOP_GRACE_MS } from "#sandbox/dispatch/dispatcher.ts";
import { CALLS_HELD_MAX } from "#sandbox/journal/call-book.ts";
import { MemoryJournal } from "#sandbox/journal/storage.ts";
import { FileError } from "#sandbox/runtime/runtime.ts";
import { settle, Stage } from "../../support/dispatch-stage.ts";

const CALL = "call-0001";

/** What the tab tells nobody but its own console. */
let logged: MockInstance<typeof console.error>;
beforeEach(() => {
  logged = vi.spyOn(console, "error").mockImplementation(() => {});
  return () => logged.mockRestore();
});

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

  it("shows nothing of what Disco itself asks, but every change [CALL-11]", async () => {
    const stage = await new Stage().welcome();
    await stage.receive(stage.work("call", CALL, { client: "" }));
    stage.runs[0]?.context.output("stdout", "hidden");
    stage.runs[0]?.end();
    await settle();
    expect(stage.outcomes(CALL)).toHaveLength(1);
    expect(stage.events).toEqual([]);
    await stage.receive(stage.work("offer", "call-change", { client: "" }));
    await stage.receive(stage.go("call-change"));
    expect(stage.events).toMatchObject([{ type: "started", operation: "write_file" }]);
  });

  it("tells how a call goes on to who asks, seldom, and never after its outcome [CALL-12]", async () => {
    const stage = await new Stage().welcome();
    const told = () => stage.sent.filter(({ type }) => type === "progress");
    await stage.receive(stage.work("call", CALL, { progress: true }), stage.work("call", "silent"));
    const [asked, silent] = stage.runs;
    silent?.context.progress("nobody asked\n");
    asked?.context.progress("one\ntw");
    asked?.context.progress("o\n");
    expect(told()).toEqual([]);
    stage.clock.advance(PROGRESS_EVERY_MS);
    const frame = { type: "progress", call: CALL, epoch: 1 };
    expect(told()).toEqual([{ ...frame, text: "two" }]);
    asked?.context.progress("\n");
    stage.clock.advance(PROGRESS_EVERY_MS);
    await stage.welcome();
    asked?.context.progress("three");
    stage.clock.advance(PROGRESS_EVERY_MS);
    expect(told()).toEqual([
      { ...frame, text: "two" },
      { ...frame, epoch: 2, text: "three" },
    ]);
    asked?.context.progress("four");
    asked?.end();
    await settle();
    asked?.context.progress("five");
    stage.clock.advance(10 * PROGRESS_EVERY_MS);
    expect(told()).toHaveLength(2);
    expect(stage.outcomes(CALL)).toHaveLength(1);
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
    expect(logged.mock.calls.flat().map(String).join(" ")).toContain("secret");
  });

  it("says so when the runtime fails under a call [STATE-1]", async () => {
    const stage = await new Stage().welcome();
    await stage.receive(stage.work("call", "call-read"));
    await stage.receive(stage.work("offer", "call-change"), stage.go("call-change"));
    stage.dispatcher.setRuntime({ state: "error", message: "The kernel is gone." });
    for (const run of stage.runs) run.fail(new Error("port closed"));
    await settle();
    expect(stage.outcomes("call-read")).toMatchObject([
      { outcome: { error: { code: "runtime_failed" } } },
    ]);
    expect(stage.outcomes("call-change")).toMatchObject([
      { outcome: { error: { code: "outcome_unknown" } } },
    ]);
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
