import {
  type ChangeSet,
  type Extension,
  StateEffect,
  StateField,
  Transaction,
} from "@codemirror/state";
import { type EditorView, keymap } from "@codemirror/view";

/** Changes that can be taken back; beyond it nobody presses the key. */
const STEPS_MAX = 500;
/** Keystrokes that follow each other faster than this are one step. */
const STEP_GAP_MS = 500;

interface Step {
  /** What turns the document back. */
  readonly inverse: ChangeSet;
  readonly at: number;
}

interface Past {
  readonly undo: readonly Step[];
  readonly redo: readonly Step[];
}

const travel = StateEffect.define<"undo" | "redo">();

const past = StateField.define<Past>({
  create: () => ({ undo: [], redo: [] }),
  update(value, transaction) {
    const effect = transaction.effects.find((one) => one.is(travel));
    if (!transaction.docChanged) return value;
    const inverse = transaction.changes.invert(transaction.startState.doc);
    const at = transaction.annotation(Transaction.time) ?? 0;
    if (effect?.value === "undo") {
      return { undo: value.undo.slice(0, -1), redo: [...value.redo, { inverse, at: 0 }] };
    }
    if (effect?.value === "redo") {
      return { undo: [...value.undo, { inverse, at: 0 }], redo: value.redo.slice(0, -1) };
    }
    return { undo: withStep(value.undo, { inverse, at }), redo: [] };
  },
});

/** Undo and redo: Mod-z, Mod-Shift-z, Mod-y. */
export function history(): Extension {
  return [
    past,
    keymap.of([
      { key: "Mod-z", run: go("undo"), preventDefault: true },
      { key: "Mod-Shift-z", run: go("redo"), preventDefault: true },
      { key: "Mod-y", run: go("redo"), preventDefault: true },
    ]),
  ];
}

function go(direction: "undo" | "redo") {
  return (view: EditorView): boolean => {
    const step = view.state.field(past)[direction].at(-1);
    if (step === undefined) return false;
    view.dispatch({
      changes: step.inverse,
      effects: travel.of(direction),
      selection: { anchor: firstChange(step.inverse) },
      scrollIntoView: true,
    });
    return true;
  };
}

function withStep(steps: readonly Step[], step: Step): readonly Step[] {
  const last = steps.at(-1);
  if (last === undefined || step.at - last.at > STEP_GAP_MS) {
    return [...steps, step].slice(-STEPS_MAX);
  }
  const joined = { inverse: step.inverse.compose(last.inverse), at: step.at };
  return [...steps.slice(0, -1), joined];
}

function firstChange(changes: ChangeSet): number {
  let at = 0;
  changes.iterChanges((_fromA, _toA, _fromB, toB) => {
    at = toB;
  });
  return at;
}
