import type { Key } from "./keys.ts";
import { graphemes } from "./width.ts";

/** A search through the history, from the newest line back (readline's reverse-search-history). */
export interface HistorySearch {
  readonly query: string;
  /** Index of the line that is shown. */
  readonly position: number;
  readonly isFailing: boolean;
  /** The line before the search, for who gives it up. */
  readonly chars: readonly string[];
  readonly cursor: number;
}

export interface Searching {
  readonly chars: readonly string[];
  readonly cursor: number;
  readonly history: readonly string[];
}

/** What a key does to a search: it goes on, is given up, or its line is taken and the key handled. */
export type SearchStep =
  | { readonly type: "on"; readonly search: HistorySearch }
  | { readonly type: "given_up" }
  | { readonly type: "taken" };

export function startSearch({ chars, cursor, history }: Searching): HistorySearch {
  return { query: "", position: history.length, isFailing: false, chars, cursor };
}

export function searchStep(
  search: HistorySearch,
  history: readonly string[],
  key: Key,
): SearchStep {
  switch (key.type) {
    case "text":
      return on(find(search, history, search.query + key.text, search.position));
    case "backspace":
      return on(find(search, history, search.query.slice(0, -1), history.length - 1));
    case "search":
      return on(find(search, history, search.query, search.position - 1));
    case "cancel":
      return { type: "given_up" };
    default:
      return { type: "taken" };
  }
}

function on(search: HistorySearch): SearchStep {
  return { type: "on", search };
}

function find(
  search: HistorySearch,
  history: readonly string[],
  query: string,
  from: number,
): HistorySearch {
  if (query === "") return { ...search, query, isFailing: false };
  const start = Math.min(from, history.length - 1);
  for (let at = start; at >= 0; at--) {
    if (history[at]?.includes(query) === true)
      return { ...search, query, position: at, isFailing: false };
  }
  return { ...search, query, isFailing: true };
}

/** The line that a search has found, with the cursor on what was looked for. */
export function foundLine(
  search: HistorySearch,
  history: readonly string[],
): { readonly chars: readonly string[]; readonly cursor: number } {
  const line = history[search.position];
  if (line === undefined) return { chars: search.chars, cursor: search.cursor };
  const at = Math.max(0, line.indexOf(search.query));
  return { chars: graphemes(line), cursor: graphemes(line.slice(0, at)).length };
}

/** The prompt while a search goes on, in readline's words. */
export function searchPrompt({ query, isFailing }: HistorySearch): string {
  return `(${isFailing ? "failed " : ""}reverse-i-search)\`${query}': `;
}
