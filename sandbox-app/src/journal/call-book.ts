import type { Outcome } from "#protocol/frames.ts";
import type { CallKind, JournalEntry, JournalEvent, JournalStep } from "./journal.ts";
import { stepJournal } from "./journal.ts";
import { type JournalStorage, recoverEntry } from "./storage.ts";

/**
 * Calls of this tab that have not been acknowledged. As many as a hello may name; the relay has at
 * most CALLS_IN_FLIGHT_MAX in flight, so that only a faulty one comes here.
 */
export const CALLS_HELD_MAX = 1_000;

/** Ids of settled calls, remembered so that none runs twice: about 1 MB. */
export const SETTLED_REMEMBERED_MAX = 10_000;

/** Outcomes of reads kept for a relay that does not acknowledge; beyond it the oldest are let go. */
export const READS_KEPT_MAX_CHARS = 64 * 1024 * 1024;

interface Page {
  readonly kind: CallKind;
  readonly entry: JournalEntry;
  /** Size of a kept outcome as JSON, in characters. */
  readonly chars: number;
}

export interface BookStep extends JournalStep {
  /** Resolves when the storage has the entry; rejects when it cannot keep it. */
  readonly stored: Promise<void>;
}

/** Every call that this tab knows, and the storage that remembers the changing ones. */
export class CallBook {
  readonly #storage: JournalStorage;
  readonly #pages = new Map<string, Page>();
  readonly #settled = new Set<string>();
  #readChars = 0;

  constructor(storage: JournalStorage) {
    this.#storage = storage;
  }

  /** Takes over what an earlier tab kept; before the first frame. */
  async recover(): Promise<void> {
    for (const [call, kept] of await this.#storage.read()) {
      const entry = recoverEntry(kept);
      if (entry) this.#put(call, "change", entry);
      if (entry !== kept) await this.#storage.write(call, entry);
    }
  }

  get full(): boolean {
    return this.#pages.size >= CALLS_HELD_MAX;
  }

  /** Undefined for a call that this tab does not know. */
  entry(call: string): JournalEntry | undefined {
    return (
      this.#pages.get(call)?.entry ?? (this.#settled.has(call) ? { state: "settled" } : undefined)
    );
  }

  calls(): string[] {
    return [...this.#pages.keys()];
  }

  /** Calls that run or whose outcome is kept, oldest first [HELLO-5]. */
  held(): string[] {
    return this.calls().filter((call) => this.entry(call)?.state !== "claimed");
  }

  /** @param kind what the call is, if this tab does not know it yet */
  step(call: string, event: JournalEvent, kind: CallKind = this.kindOf(call)): BookStep {
    const before = this.entry(call);
    const step = stepJournal(before, event);
    if (step.entry === before) return { ...step, stored: Promise.resolve() };
    this.#put(call, kind, step.entry);
    const stored = kind === "change" ? this.#storage.write(call, step.entry) : Promise.resolve();
    // Whoever needs it stored awaits it; nobody else is to hear of the failure.
    stored.catch(() => {});
    return { ...step, stored };
  }

  kindOf(call: string): CallKind {
    return this.#pages.get(call)?.kind ?? (this.#settled.has(call) ? "change" : "read");
  }

  #put(call: string, kind: CallKind, entry: JournalEntry | undefined): void {
    const before = this.#pages.get(call);
    if (before?.kind === "read") this.#readChars -= before.chars;
    if (!entry || entry.state === "settled") this.#pages.delete(call);
    else {
      const chars = entry.state === "done" ? weigh(entry.outcome) : 0;
      this.#pages.set(call, { kind, entry, chars });
      if (kind === "read") this.#readChars += chars;
    }
    if (entry?.state === "settled") this.#remember(call);
    this.#lighten(call);
  }

  #remember(call: string): void {
    this.#settled.add(call);
    if (this.#settled.size <= SETTLED_REMEMBERED_MAX) return;
    const [oldest] = this.#settled;
    if (oldest === undefined) return;
    this.#settled.delete(oldest);
    // A storage that cannot forget costs space and no correctness.
    this.#storage.write(oldest, undefined).catch(() => {});
  }

  /** A read that is let go is forgotten: the relay may send it again [END-4]. */
  #lighten(newest: string): void {
    for (const [call, page] of this.#pages) {
      if (this.#readChars <= READS_KEPT_MAX_CHARS) return;
      if (page.kind === "change" || page.chars === 0 || call === newest) continue;
      this.#pages.delete(call);
      this.#readChars -= page.chars;
    }
  }
}

function weigh(outcome: Outcome): number {
  return JSON.stringify(outcome).length;
}
