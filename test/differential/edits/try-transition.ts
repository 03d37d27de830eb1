import { DiscoError } from "#protocol/errors.ts";
import { planPatch } from "#sandbox/dispatch/patch-plan.ts";
import { applyEdits } from "#sandbox/edits/apply-edits.ts";
import { parsePatch } from "#sandbox/edits/patch/parse-patch.ts";
import { PatchSyntaxError } from "#sandbox/edits/patch/patch.ts";
import { memoryRuntime } from "#test/sandbox-app/ui/support/memory-runtime.ts";
import { type EditCase, editCases } from "./edit-cases.ts";
import type { Findings } from "./findings.ts";
import { difference } from "./oracle.ts";
import { type PatchCase, patchCases, withContext } from "./patch-cases.ts";
import { isTextUpdate, type TextUpdate, type Transition } from "./transition.ts";
import { v4aCases } from "./v4a-cases.ts";

/** Lines around a change in the diffs that are made beside git's usual ones. */
const CONTEXTS = [0, 1, 10];

type Outcome = { readonly text: string } | { readonly refused: string };

/** Tries every way to make every change of a transition. */
export async function tryTransition(transition: Transition, findings: Findings): Promise<void> {
  const updates = transition.changes.filter(isTextUpdate);
  const contexts = await Promise.all(
    CONTEXTS.map(async (lines) => {
      const diff = await transition.diff(`-U${lines}`);
      return { lines, sections: diff.split(/^(?=diff --git )/m).filter(Boolean) };
    }),
  );
  for (const change of updates) {
    findings.files += 1;
    const where = `${transition.name} ${change.to}`;
    for (const one of editCases(change)) judge(findings, where, one, edited(one));
    const index = transition.changes.indexOf(change);
    const patches = [
      ...patchCases(change),
      ...contexts.map(({ lines, sections }) => withContext(change, sections[index]!, lines)),
      ...v4aCases(change),
    ];
    for (const one of patches) {
      const outcome = await patchedBy(change, one);
      judge(findings, where, { ...one, target: change.after }, outcome);
    }
  }
}

function edited({ text, edits }: EditCase): Outcome {
  const done = applyEdits(text, edits);
  return done.ok ? { text: done.text } : { refused: done.refusal.reason };
}

async function patchedBy({ from, to, before }: TextUpdate, { patch }: PatchCase): Promise<Outcome> {
  const runtime = memoryRuntime({ [from]: before });
  try {
    const changes = await planPatch(runtime, parsePatch(patch));
    const file = changes.find(([, { relative }]) => relative === to)?.[1];
    const text = file?.after ?? null;
    return text === null ? { refused: "identical" } : { text };
  } catch (error) {
    if (error instanceof PatchSyntaxError) {
      return { refused: `line ${error.line}: ${error.message}` };
    }
    if (!(error instanceof DiscoError)) throw error;
    const isVague = error.code === "text_not_unique";
    return { refused: isVague ? "not_unique" : `${error.code} ${error.message}` };
  }
}

function judge(
  findings: Findings,
  where: string,
  { kind, expected, target }: Pick<EditCase, "kind" | "expected" | "target">,
  outcome: Outcome,
): void {
  if ("refused" in outcome) {
    const isRight = "refused" in expected && expected.refused === outcome.refused;
    if (isRight) findings.count(kind, `refused: ${outcome.refused}`);
    else findings.fail(kind, where, `was refused: ${outcome.refused}`);
  } else if ("refused" in expected) {
    findings.fail(kind, where, `should be refused: ${expected.refused}`);
  } else if (outcome.text === expected.text) {
    findings.count(kind, outcome.text === target ? "equal" : "by the rule");
  } else {
    findings.fail(kind, where, difference(outcome.text, expected.text));
  }
}
