import { DiscoError } from "#protocol/errors.ts";
import { asDiscoError } from "../dispatch/file-errors.ts";
import type { Checkpoints } from "./checkpoints.ts";
import type { Skip } from "./restore-plan.ts";
import type { UndoPlan } from "./undo-plan.ts";

/** Who takes back, as the list of checkpoints tells it to clients. */
const PERSON = "the person at the page";

/** What came of the wish to take a call back. */
export type Undone =
  /** Nothing was done: later changes would be lost, and the person has not agreed to that. */
  | { readonly state: "asks"; readonly plan: UndoPlan }
  | {
      readonly state: "done";
      readonly restored: readonly string[];
      readonly removed: readonly string[];
      /** Left as they are, and why. */
      readonly skipped: readonly Skip[];
      /** The checkpoint that takes this back; null: nothing had to change. */
      readonly redo: string | null;
    }
  /** Its checkpoint is not there any more. */
  | { readonly state: "dropped" }
  /** A part may be done; `redo` takes that back. */
  | { readonly state: "failed"; readonly message: string; readonly redo: string | null };

/** What the person has agreed to lose; null: was not asked. */
export type Agreed = Pick<UndoPlan, "lost"> | null;

/**
 * Takes back what the call of a checkpoint has changed. Where nothing that came later is lost it is done
 * at once; else only when the person has agreed to just that. Never rejects.
 */
export async function undoCall(
  checkpoints: Checkpoints,
  id: string,
  agreed: Agreed,
): Promise<Undone> {
  const isAgreed = ({ lost, isShared }: UndoPlan): boolean => {
    if (agreed === null) return lost.length === 0 && !isShared;
    return lost.every((path) => agreed.lost.includes(path));
  };
  const own = await checkpoints.begin({
    operation: "undo",
    client: PERSON,
    summary: `Took back the call of ${id}`,
  });
  const work = checkpoints.undo(id, isAgreed);
  // The checkpoint is closed however it ends: until then it would stand for a call that runs.
  const [ended] = await Promise.allSettled([work]);
  const redo = (await checkpoints.end(own)) ? own : null;
  if (ended.status === "rejected") return failed(ended.reason, redo);
  if (ended.value === undefined) return { state: "dropped" };
  if ("lost" in ended.value) return { state: "asks", plan: ended.value };
  const { restored, removed, skipped } = ended.value;
  return { state: "done", restored, removed, skipped, redo };
}

function failed(reason: unknown, redo: string | null): Undone {
  const error = DiscoError.from(asDiscoError(reason));
  if (error.code === "checkpoint_not_found") return { state: "dropped" };
  return { state: "failed", message: error.message, redo };
}
