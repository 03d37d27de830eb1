import { DiscoError } from "#protocol/errors.ts";
import type { JournalEntry } from "./journal.ts";

/**
 * Where the journal of changing calls is kept. `write` resolves when the entry would be found again:
 * a claim is sent, and a call runs, only afterwards.
 */
export interface JournalStorage {
  /** Everything that was kept, oldest first. */
  read(): Promise<readonly (readonly [call: string, entry: JournalEntry])[]>;
  /** @param entry undefined to forget the call */
  write(call: string, entry: JournalEntry | undefined): Promise<void>;
}

/**
 * Lives as long as the tab, while the files outlive it. What ran when the tab ended may have left its
 * effect in the restored files; the next tab does not name it, and the relay ends it with
 * `outcome_unknown` [HELLO-5].
 */
export class MemoryJournal implements JournalStorage {
  readonly #entries = new Map<string, JournalEntry>();

  async read(): Promise<readonly (readonly [string, JournalEntry])[]> {
    return [...this.#entries];
  }

  async write(call: string, entry: JournalEntry | undefined): Promise<void> {
    if (entry) this.#entries.set(call, entry);
    else this.#entries.delete(call);
  }
}

/**
 * The journal as a tab finds it when it starts: a call that was running when the last tab ended may
 * have had its effect, and no one will ever know more. A claim without `go` is void.
 */
export function recoverEntry(entry: JournalEntry): JournalEntry | undefined {
  if (entry.state === "claimed") return undefined;
  if (entry.state === "done") return { ...entry, sentIn: null };
  if (entry.state === "settled") return entry;
  const error = new DiscoError("outcome_unknown", "The page was reloaded while the call ran.");
  return { state: "done", outcome: { ok: false, error: error.toBody() }, sentIn: null };
}
