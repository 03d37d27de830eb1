import type { RelayFrame, TabFrame } from "#protocol/frames.ts";
import type { TabContext, TabHandlers } from "#sandbox/dispatch/context.ts";
import { Dispatcher } from "#sandbox/dispatch/dispatcher.ts";
import { CallBook } from "#sandbox/journal/call-book.ts";
import { type JournalStorage, MemoryJournal } from "#sandbox/journal/storage.ts";
import type { Runtime } from "#sandbox/runtime/runtime.ts";
import type { CallEvent } from "#sandbox/tab/events.ts";
import { HandClock } from "./hand-clock.ts";
import { newCheckpoints, newCommandBook } from "./tab-context.ts";

/** One run of a handler, which ends when the test says so. */
interface Run {
  readonly input: Record<string, unknown>;
  readonly context: TabContext;
  readonly end: (output?: object) => void;
  readonly fail: (error: unknown) => void;
}

/** A dispatcher whose handlers are in the test's hand. */
export class Stage {
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
    // No handler of this test touches it; the checkpoints see no files.
    const scan = () => Promise.resolve({ version: "", entries: [] });
    const runtime = { files: { scan }, root: "/" } as unknown as Runtime;
    this.dispatcher.setRuntime({
      state: "ready",
      runtime,
      commands: newCommandBook(),
      checkpoints: newCheckpoints(runtime),
    });
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
export const settle = () => new Promise<void>((resolve) => setImmediate(resolve));
