import * as z from "zod";
import type { Outcome } from "#protocol/frames.ts";
import { CLIENT_NAME_MAX_CHARS } from "#protocol/limits.ts";
import { findOperation } from "#protocol/registry.ts";
import type { CallRequest } from "./link.ts";

/** Enough to see what somebody else was doing; more is what the files and git tell. */
const RECENT_MAX = 10;

/** Milliseconds after which nobody carries on with it: the next day begins anew. */
const RECENT_TTL_MS = 24 * 60 * 60 * 1_000;

/** A sentence, not a script. */
const SUMMARY_MAX_CHARS = 160;

const Row = z.object({
  operation: z.string(),
  client: z.string(),
  summary: z.string(),
  outcome: z.string(),
  at: z.number(),
});

/** A changing call that has ended, as another client may know it. Plain data: it crosses RPC. */
export type RecentCall = Readonly<z.infer<typeof Row>>;

/**
 * The digest of what happened lately, in the relay's own SQLite: of each changing call the sentence
 * that the page shows and one word of its outcome. No contents, and nothing of what was read.
 */
export class RecentCalls {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    sql.exec(
      `CREATE TABLE IF NOT EXISTS recent_calls (
         id TEXT PRIMARY KEY, operation TEXT NOT NULL, client TEXT NOT NULL,
         summary TEXT NOT NULL, outcome TEXT NOT NULL, at INTEGER NOT NULL)`,
    );
  }

  /**
   * Keeps a call that has ended, unless it only read.
   *
   * @param now milliseconds since the epoch
   */
  note(id: string, { operation: name, client, input }: CallRequest, outcome: Outcome, now: number) {
    const operation = findOperation(name);
    if (operation === undefined || operation.hints.readOnly) return;
    this.#sql.exec(
      "INSERT OR REPLACE INTO recent_calls VALUES (?, ?, ?, ?, ?, ?)",
      id,
      name,
      client.slice(0, CLIENT_NAME_MAX_CHARS),
      sentenceOf(operation.summarize(input)),
      outcomeWord(outcome),
      now,
    );
    this.#sql.exec(
      `DELETE FROM recent_calls WHERE at <= ?1 OR id NOT IN
         (SELECT id FROM recent_calls ORDER BY at DESC, rowid DESC LIMIT ?2)`,
      now - RECENT_TTL_MS,
      RECENT_MAX,
    );
  }

  /** The latest first. */
  list(now: number): RecentCall[] {
    const rows = this.#sql.exec(
      `SELECT operation, client, summary, outcome, at FROM recent_calls WHERE at > ?
       ORDER BY at DESC, rowid DESC`,
      now - RECENT_TTL_MS,
    );
    return rows.toArray().map((row) => Row.parse(row));
  }
}

/** What looks like a secret in a command line: after a name that says so, or before a host. */
const SECRETS: readonly (readonly [pattern: RegExp, shown: string])[] = [
  [/\b(bearer|basic)\s+[^\s"']+/gi, "$1 •••"],
  [
    /(\w*(?:token|secret|passw(?:or)?d|api[-_]?key)\w*["']?[ ]?[=:][ ]?)("[^"]*"|'[^']*'|\S+)/gi,
    "$1•••",
  ],
  [/(:\/\/[^\s:/@]+:)[^\s@]+@/g, "$1•••@"],
];

/** On one line, without secrets that can be told by their looks, and short. */
export function sentenceOf(summary: string): string {
  const line = summary.replaceAll(/[\s\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ").trim();
  const shown = SECRETS.reduce((text, [pattern, mark]) => text.replaceAll(pattern, mark), line);
  return shown.length <= SUMMARY_MAX_CHARS
    ? shown.toWellFormed()
    : `${shown.slice(0, SUMMARY_MAX_CHARS - 1).toWellFormed()}…`;
}

function outcomeWord(outcome: Outcome): string {
  if (!outcome.ok) return outcome.error.code;
  const { status, exit_code: code } = outcome.output;
  if (status === "running" || status === "killed" || status === "conflicts") return status;
  return typeof code === "number" && code !== 0 ? `exit ${code}` : "done";
}
