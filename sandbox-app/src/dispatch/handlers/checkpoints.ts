import { DiscoError } from "#protocol/errors.ts";
import { CHECKPOINT_PATHS_MAX, RESTORE_PATHS_MAX } from "#protocol/limits.ts";
import type { OperationInput, OperationOutput } from "#protocol/registry.ts";
import type { Checkpoint } from "../../checkpoints/checkpoint-log.ts";
import { isIgnored } from "../../checkpoints/picture.ts";
import { isWithin } from "../../checkpoints/restore-plan.ts";
import type { TabContext, TabHandlers } from "../context.ts";
import { asDiscoError } from "../file-errors.ts";
import { resolvePath } from "../paths.ts";

export const checkpointHandlers: Pick<TabHandlers, "list_checkpoints" | "restore_checkpoint"> = {
  list_checkpoints: list,
  restore_checkpoint: restore,
};

async function list(
  input: OperationInput<"list_checkpoints">,
  { runtime, checkpoints }: TabContext,
): Promise<OperationOutput<"list_checkpoints">> {
  const within =
    input.path === undefined ? undefined : [resolvePath(runtime.root, input.path).relative];
  const { checkpoints: all, keptSince, dropped } = await checkpoints.list();
  const found = all.filter(
    (checkpoint) => within === undefined || changesOf(checkpoint, within).length > 0,
  );
  return {
    checkpoints: found.slice(0, input.limit).map((checkpoint) => shown(checkpoint, within)),
    total: found.length,
    kept_since: new Date(keptSince).toISOString(),
    dropped,
  };
}

function shown(
  checkpoint: Checkpoint,
  within: readonly string[] | undefined,
): OperationOutput<"list_checkpoints">["checkpoints"][number] {
  const { id, at, operation, client, summary } = checkpoint;
  const paths = changesOf(checkpoint, within);
  const time = new Date(at).toISOString();
  const some = paths.slice(0, CHECKPOINT_PATHS_MAX);
  return { id, time, operation, client, summary, changes: paths.length, paths: some };
}

/** The paths with changes since, sorted; those that git ignores are not told. */
function changesOf({ before }: Checkpoint, within: readonly string[] | undefined): string[] {
  const changed = [...before].filter(
    ([path, entry]) => !isIgnored(entry) && isWithin(path, within),
  );
  return changed.map(([path]) => path).toSorted();
}

async function restore(
  { id, paths }: OperationInput<"restore_checkpoint">,
  { runtime, checkpoints, checkpoint, signal }: TabContext,
): Promise<OperationOutput<"restore_checkpoint">> {
  const within = paths?.map((path) => resolvePath(runtime.root, path).relative);
  // From here on the call has an effect, and is not stopped in its middle.
  signal.throwIfAborted();
  try {
    const { restored, removed, skipped } = await checkpoints.restore(id, within);
    const reasons = skipped.map(({ path, why }) => ({ path, reason: why }));
    return {
      restored: restored.slice(0, RESTORE_PATHS_MAX),
      restored_total: restored.length,
      removed: removed.slice(0, RESTORE_PATHS_MAX),
      removed_total: removed.length,
      skipped: reasons.slice(0, RESTORE_PATHS_MAX),
      skipped_total: reasons.length,
      undo_id: restored.length + removed.length > 0 ? checkpoint : null,
    };
  } catch (error) {
    throw halfDone(asDiscoError(error), checkpoint);
  }
}

/** What a restore did before it failed can be taken back as well. */
function halfDone(error: unknown, undo: string | null): unknown {
  if (!(error instanceof DiscoError) || error.code === "checkpoint_not_found") return error;
  const message = `${error.message} A part may be restored; checkpoint ${undo} undoes it.`;
  return new DiscoError(error.code, message, { details: { undo_id: undo }, cause: error });
}
