import type { Undone } from "../../tab/page-api.ts";

type Plan = Extract<Undone, { state: "asks" }>["plan"];
type Done = Extract<Undone, { state: "done" }>;

/** How far taking back a call has come, as its row shows it. */
export interface UndoState {
  /** The checkpoint with which the next press goes back; null: there is no way back any more. */
  readonly target: string | null;
  /** The call is taken back, and the next press brings it again. */
  readonly isUndone: boolean;
  readonly isBusy: boolean;
  /** What the person is told, or asked; null: nothing. */
  readonly note: UndoNote | null;
}

export type UndoNote =
  | { readonly kind: "asks"; readonly plan: Plan }
  | { readonly kind: "done"; readonly done: Done; readonly isUndone: boolean }
  | { readonly kind: "dropped" }
  | { readonly kind: "failed"; readonly message: string };

/** Before anything was pressed. */
export function untouched(checkpoint: string | null): UndoState {
  return { target: checkpoint, isUndone: false, isBusy: false, note: null };
}

/** What the answer makes of the row; each undo leaves a checkpoint, with which it is undone in turn. */
export function withAnswer(state: UndoState, answer: Undone): UndoState {
  const settled = { ...state, isBusy: false };
  switch (answer.state) {
    case "asks":
      return { ...settled, note: { kind: "asks", plan: answer.plan } };
    case "dropped":
      return { ...settled, target: null, note: { kind: "dropped" } };
    case "failed":
      return { ...settled, note: { kind: "failed", message: answer.message } };
    case "done": {
      const isUndone = answer.redo === null ? state.isUndone : !state.isUndone;
      const note = { kind: "done", done: answer, isUndone } as const;
      return { ...settled, target: answer.redo ?? state.target, isUndone, note };
    }
  }
}
