import type { TabEvent } from "../../tab/events.ts";

/** One step of the boot. Times are milliseconds since the epoch. */
export interface Stage {
  readonly lane: "page" | "container" | "relay";
  /** Untrusted text. */
  readonly label: string;
  readonly startedAt: number;
  readonly endedAt: number | null;
  readonly failed: boolean;
}

export function firstStage(at: number): readonly Stage[] {
  return [{ lane: "page", label: "Opening", startedAt: at, endedAt: null, failed: false }];
}

/** The stages after the tab said something: a new stage ends the one before it in its lane. */
export function withBootEvent(
  stages: readonly Stage[],
  event: TabEvent,
  at: number,
): readonly Stage[] {
  if (event.kind === "call") return stages;
  if (event.kind === "runtime") {
    const { runtime } = event;
    if (runtime.state === "booting") return next(stages, "container", runtime.stage, at);
    return ended(stages, "container", at, runtime.state === "error");
  }
  const { link } = event;
  if (link.state === "connecting") return next(stages, "relay", "Connecting to the relay", at);
  if (link.state === "reconnecting")
    return next(stages, "relay", "Waiting to try the relay again", at);
  return ended(stages, "relay", at, link.state !== "attached");
}

function next(
  stages: readonly Stage[],
  lane: Stage["lane"],
  label: string,
  at: number,
): readonly Stage[] {
  const open = stages.find((stage) => stage.lane === lane && stage.endedAt === null);
  if (open?.label === label) return stages;
  const before = ended(ended(stages, lane, at, false), "page", at, false);
  return [...before, { lane, label, startedAt: at, endedAt: null, failed: false }];
}

function ended(
  stages: readonly Stage[],
  lane: Stage["lane"],
  at: number,
  failed: boolean,
): readonly Stage[] {
  const isOpen = (stage: Stage) =>
    stage.endedAt === null && (stage.lane === lane || stage.lane === "page");
  return stages.map((stage) =>
    isOpen(stage) ? { ...stage, endedAt: at, failed: failed && stage.lane === lane } : stage,
  );
}
