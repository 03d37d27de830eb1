import type { OperationOutput } from "#protocol/registry.ts";
import { diagnose } from "../edits/diagnostics.ts";
import { unifiedDiff } from "../edits/unified-diff.ts";
import { sha256 } from "./bytes.ts";
import { refuseAbove } from "./file-access.ts";
import type { PatchChanges } from "./patch-plan.ts";

/** What `apply_patch` answers of the changes, before or after they are made. */
export async function reportPatch(changes: PatchChanges): Promise<OperationOutput<"apply_patch">> {
  const moved = new Set(changes.flatMap(([, { from }]) => (from === null ? [] : [from])));
  const shown = changes.filter(([, { relative, after }]) => after !== null || !moved.has(relative));
  const files = await Promise.all(
    shown.map(async ([, { relative, before, after, from }]) => {
      const source = changes.find(([, file]) => file.relative === from)?.[1].before ?? before;
      const bytes = after === null ? null : new TextEncoder().encode(after);
      if (bytes !== null) refuseAbove(bytes.length, `${relative} would become larger.`);
      return {
        path: relative,
        op: opOf(before, after, from),
        from,
        diff: unifiedDiff(relative, source, after),
        hash: bytes === null ? null : await sha256(bytes),
      };
    }),
  );
  const found = await Promise.all(
    shown.map(([, { relative, after }]) => diagnose(relative, after ?? "")),
  );
  return { files, diagnostics: found.flat() };
}

function opOf(
  before: string | null,
  after: string | null,
  from: string | null,
): "added" | "updated" | "deleted" | "moved" {
  if (from !== null) return "moved";
  if (before === null) return "added";
  return after === null ? "deleted" : "updated";
}
