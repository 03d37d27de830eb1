import { defineStore } from "pinia";
import { shallowRef } from "vue";
import {
  noTerminals,
  type TerminalState,
  withLife,
  withNewTerminal,
  withoutTerminal,
} from "./terminals.ts";

/** The terminals of the page, and a link that waits for the person's yes. */
export const useTerminals = defineStore("terminals", () => {
  const terminals = shallowRef(noTerminals);
  /** A link in a program's output that was clicked: shown whole before anything opens. */
  const link = shallowRef<string | null>(null);

  return {
    terminals,
    link,
    add: () => {
      terminals.value = withNewTerminal(terminals.value);
    },
    close: (id: number) => {
      terminals.value = withoutTerminal(terminals.value, id);
    },
    activate: (id: number) => {
      terminals.value = { ...terminals.value, active: id };
    },
    lives: (id: number, life: TerminalState) => {
      terminals.value = withLife(terminals.value, id, life);
    },
  };
});
