import { type Extension, StateEffect, StateField, type Text } from "@codemirror/state";
import { Decoration, type DecorationSet, EditorView } from "@codemirror/view";

/** How long changed lines are marked; the style sheet's fade takes as long. */
export const GLOW_MS = 2_600;

const line = Decoration.line({ class: "cm-glow" });
export const glow = StateEffect.define<readonly number[]>();

const glowing = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(marks, transaction) {
    const effect = transaction.effects.findLast((one) => one.is(glow));
    if (effect === undefined) return marks.map(transaction.changes);
    return marksOf(transaction.newDoc, effect.value);
  },
  provide: (field) => EditorView.decorations.from(field),
});

/** Marks the lines of a `glow` effect (numbers from 1); an empty list ends it. */
export function glowingLines(): Extension {
  return glowing;
}

function marksOf(doc: Text, lines: readonly number[]): DecorationSet {
  const inside = lines.filter((number) => number >= 1 && number <= doc.lines);
  return Decoration.set(inside.map((number) => line.range(doc.line(number).from)));
}
