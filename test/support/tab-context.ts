import { Checkpoints, randomCheckpointId } from "#sandbox/checkpoints/checkpoints.ts";
import { systemClock } from "#sandbox/connection/clock.ts";
import { CommandBook, randomId } from "#sandbox/dispatch/commands/command-book.ts";
import type { TabContext } from "#sandbox/dispatch/context.ts";
import type { Runtime } from "#sandbox/runtime/runtime.ts";

/** A book of commands as the tab has it. */
export function newCommandBook(): CommandBook {
  return new CommandBook({ clock: systemClock, newId: randomId });
}

/** Checkpoints as the tab keeps them. */
export function newCheckpoints(runtime: Pick<Runtime, "files" | "root">): Checkpoints {
  return new Checkpoints({ runtime, now: Date.now, newId: randomCheckpointId });
}

/** What a handler gets in the tab, for a call that nobody cancels. */
export function tabContext(runtime: Runtime, change: Partial<TabContext> = {}): TabContext {
  return {
    runtime,
    commands: newCommandBook(),
    checkpoints: newCheckpoints(runtime),
    checkpoint: null,
    client: "test",
    signal: new AbortController().signal,
    output: () => {},
    progress: () => {},
    ...change,
  };
}
