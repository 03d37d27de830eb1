import * as z from "zod";
import type { Call } from "./call.ts";

const Row = z.object({
  id: z.string(),
  operation: z.string(),
  deadline: z.number(),
  running: z.union([z.literal(0), z.literal(1)]),
});

/**
 * The rows of changing calls (SPEC rule CALL-2). A row holds no input: a call that was not given
 * `go` when the relay died is never run, because nobody waits for it any more.
 */
export class CallRows {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    sql.exec(
      `CREATE TABLE IF NOT EXISTS calls (
         id TEXT PRIMARY KEY, operation TEXT NOT NULL, deadline INTEGER NOT NULL,
         running INTEGER NOT NULL
       ) WITHOUT ROWID`,
    );
  }

  put(call: Call): void {
    this.#sql.exec(
      "INSERT OR REPLACE INTO calls (id, operation, deadline, running) VALUES (?, ?, ?, ?)",
      call.id,
      call.operation,
      Math.ceil(call.deadline),
      call.state.name === "running" ? 1 : 0,
    );
  }

  delete(id: string): void {
    this.#sql.exec("DELETE FROM calls WHERE id = ?", id);
  }

  /**
   * After a restart: the calls that had `go` and may still bring an outcome. The others are dropped;
   * when the tab claims one of them, it is told that the call was cancelled.
   */
  restore(): Map<string, Call> {
    this.#sql.exec("DELETE FROM calls WHERE running = 0");
    const rows = this.#sql.exec("SELECT id, operation, deadline, running FROM calls").toArray();
    const calls = rows.map((row): Call => {
      const { id, operation, deadline } = Row.parse(row);
      return { id, operation, changing: true, deadline, state: { name: "running" } };
    });
    return new Map(calls.map((call) => [call.id, call]));
  }
}
