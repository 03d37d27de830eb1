import fs from "node:fs/promises";
import path from "node:path";
import { PATCH_FILES_MAX, PATCH_MAX_CHARS } from "#protocol/limits.ts";
import { registry } from "#protocol/registry.ts";
import { editHandlers } from "#sandbox/dispatch/handlers/edits.ts";
import { bootNodeRuntime } from "#test/support/node-runtime.ts";
import { tabContext } from "#test/support/tab-context.ts";
import type { Findings } from "./findings.ts";
import { difference } from "./oracle.ts";
import { exact } from "./patch-cases.ts";
import { patched } from "./patch-oracle.ts";
import { hunksOf } from "./section.ts";
import { type FileChange, isTextUpdate, type Transition } from "./transition.ts";
import { v4aSection, wrapped } from "./v4a-cases.ts";

/** A way to write all changes of a transition in one patch. */
interface Form {
  readonly kind: string;
  readonly section: (change: FileChange) => string | null;
  readonly whole: (sections: readonly string[]) => string;
}

const forms: readonly Form[] = [
  {
    kind: "files of a whole diff of git's",
    section: ({ section }) => section,
    whole: (sections) => sections.join(""),
  },
  { kind: "files of a whole V4A patch", section: v4aSection, whole: wrapped },
];

/** Applies all changes at once, as the operation does it, to files on a disk. */
export async function tryWholePatches(transition: Transition, findings: Findings): Promise<void> {
  const changes = transition.changes.filter(({ isText }) => isText);
  for (const form of forms) {
    const said = changes.filter((change) => form.section(change) !== null);
    for (const part of inParts(said, form)) await tryPart(transition.name, part, form, findings);
  }
}

/** As many files as one call takes. */
function inParts(changes: readonly FileChange[], { section }: Form): FileChange[][] {
  const parts: FileChange[][] = [];
  let room = 0;
  for (const change of changes) {
    const length = section(change)?.length ?? 0;
    room -= length;
    const last = parts.at(-1);
    if (last !== undefined && room > 0 && last.length < PATCH_FILES_MAX) last.push(change);
    else parts.push([change]);
    if (parts.at(-1)?.length === 1) room = PATCH_MAX_CHARS - length - 1_000;
  }
  return parts;
}

async function tryPart(
  name: string,
  changes: readonly FileChange[],
  { kind, section, whole }: Form,
  findings: Findings,
): Promise<void> {
  const runtime = await bootNodeRuntime();
  const at = (file: string): string => path.join(runtime.root, file);
  try {
    for (const { from, before } of changes) {
      if (from === null) continue;
      await fs.mkdir(path.dirname(at(from)), { recursive: true });
      await fs.writeFile(at(from), before ?? "");
    }
    const patch = whole(changes.map((change) => section(change) ?? ""));
    const input = registry.apply_patch.input.parse({ patch });
    await editHandlers.apply_patch(input, tabContext(runtime));
    for (const change of changes) {
      const there = change.to === null ? null : await fs.readFile(at(change.to), "utf8");
      const isMoved = change.from !== null && change.from !== change.to;
      const isLeft = isMoved && (await fs.stat(at(change.from)).catch(() => null)) !== null;
      const where = `${name} ${change.to ?? change.from}`;
      const wanted = wantedOf(change);
      if (isLeft) findings.fail(kind, where, `${change.from} is still there`);
      else if (there === wanted)
        findings.count(kind, wanted === change.after ? "equal" : "by the rule");
      else findings.fail(kind, where, difference(there ?? "", wanted ?? ""));
    }
  } catch (error) {
    findings.fail(kind, name, String(error));
  } finally {
    await runtime.dispose();
  }
}

function wantedOf(change: FileChange): string | null {
  return isTextUpdate(change) ? patched(change, hunksOf(change.section), exact) : change.after;
}
