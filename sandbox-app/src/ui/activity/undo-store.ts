import { defineStore } from "pinia";
import { computed, shallowRef } from "vue";
import type { Agreed } from "../../tab/page-api.ts";
import { useSession } from "../session/session-store.ts";
import type { ActivityRow } from "./activity.ts";
import { useActivity } from "./activity-store.ts";
import { type UndoState, untouched, withAnswer } from "./undo.ts";
import { noteWords } from "./undo-words.ts";

/** The person takes back what calls have changed, and brings it again. */
export const useUndo = defineStore("undo", () => {
  const states = shallowRef<ReadonlyMap<string, UndoState>>(new Map());
  const session = useSession();
  const activity = useActivity();

  function stateOf(row: ActivityRow): UndoState {
    return states.value.get(row.call) ?? untouched(row.checkpoint);
  }

  const latest = computed(
    () =>
      activity.activity.rows.find((row) => {
        const { target, isUndone } = stateOf(row);
        return target !== null && !isUndone;
      }) ?? null,
  );

  function set(row: ActivityRow, state: UndoState): void {
    // Rows that were cleared away are not asked for again.
    const shown = [...states.value].filter(([call]) => activity.rowOf(call) !== undefined);
    states.value = new Map(shown).set(row.call, state);
  }

  /** Takes back or brings again; where later changes would be lost, it becomes a question first. */
  function press(row: ActivityRow): Promise<void> {
    return ask(row, null);
  }

  /** Yes to the question, and to nothing beyond it. */
  async function agree(row: ActivityRow): Promise<void> {
    const { note } = stateOf(row);
    if (note?.kind === "asks") await ask(row, { lost: note.plan.lost });
  }

  async function ask(row: ActivityRow, agreed: Agreed): Promise<void> {
    const state = stateOf(row);
    const { target, isBusy } = state;
    if (target === null || isBusy || session.tab === null) return;
    set(row, { ...state, isBusy: true, note: null });
    const next = withAnswer(state, await session.tab.undo(target, agreed));
    set(row, next);
    // A question takes the focus, and is read with it.
    if (next.note !== null && next.note.kind !== "asks")
      activity.spoken = noteWords(next.note, next.isUndone);
  }

  function dismiss(row: ActivityRow): void {
    set(row, { ...stateOf(row), note: null });
  }

  return { stateOf, latest, press, agree, dismiss };
});
