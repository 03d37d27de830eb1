/** Terminals at once: each is a shell with a process behind it. */
export const TERMINALS_MAX = 8;

/** A terminal's life: its shell starts, runs, and ends. */
export type TerminalState =
  | { readonly state: "starting" | "running" }
  | { readonly state: "ended"; readonly words: string };

export interface TerminalTab {
  readonly id: number;
  readonly title: string;
  readonly life: TerminalState;
}

export interface Terminals {
  readonly tabs: readonly TerminalTab[];
  readonly active: number | null;
}

export const noTerminals: Terminals = { tabs: [], active: null };

/** One more terminal, shown. Its number is the lowest that is free, so that names stay short. */
export function withNewTerminal(terminals: Terminals): Terminals {
  if (terminals.tabs.length >= TERMINALS_MAX) return terminals;
  const used = new Set(terminals.tabs.map(({ id }) => id));
  let id = 1;
  while (used.has(id)) id += 1;
  const tab: TerminalTab = { id, title: `Terminal ${id}`, life: { state: "starting" } };
  return { tabs: [...terminals.tabs, tab], active: id };
}

/** Without a terminal; its neighbour is shown next. */
export function withoutTerminal(terminals: Terminals, id: number): Terminals {
  const index = terminals.tabs.findIndex((tab) => tab.id === id);
  const tabs = terminals.tabs.filter((tab) => tab.id !== id);
  if (terminals.active !== id) return { ...terminals, tabs };
  return { tabs, active: (tabs[index] ?? tabs[index - 1])?.id ?? null };
}

export function withLife(terminals: Terminals, id: number, life: TerminalState): Terminals {
  const tabs = terminals.tabs.map((tab) => (tab.id === id ? { ...tab, life } : tab));
  return { ...terminals, tabs };
}

/** The tab that an arrow, Home or End key leads to, in a tab list that goes round. */
export function tabByKey<Id>(ids: readonly Id[], now: Id, key: string): Id | null {
  const index = ids.indexOf(now);
  if (index === -1) return null;
  const step = { ArrowRight: 1, ArrowLeft: -1 }[key];
  if (step !== undefined) return ids[(index + step + ids.length) % ids.length] ?? null;
  if (key === "Home") return ids[0] ?? null;
  return key === "End" ? (ids.at(-1) ?? null) : null;
}
