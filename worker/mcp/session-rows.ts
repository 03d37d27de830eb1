import * as z from "zod";

/** Rows live in the relay; a client that comes back later initializes again. */
const ROW_TTL_MS = 24 * 60 * 60 * 1_000;

/** ChatGPT and claude.ai open a session per call: without a bound, a busy day would fill the store. */
const ROWS_MAX = 512;

/** What is needed to bring a session back after its object slept or moved. */
export interface SessionRow {
  readonly user: string;
  readonly client: string;
  /** The `initialize` request as the client sent it. */
  readonly initialize: unknown;
}

export interface SessionRows {
  get(id: string): SessionRow | undefined;
  put(id: string, row: SessionRow): void;
  delete(id: string): void;
}

const StoredRow = z.object({ user: z.string(), client: z.string(), initialize: z.string() });

/** MCP sessions of 2025, in the relay's own SQLite. */
export function createSessionRows(sql: SqlStorage, now: () => number = Date.now): SessionRows {
  sql.exec(
    `CREATE TABLE IF NOT EXISTS mcp_sessions (
       id TEXT PRIMARY KEY, user TEXT NOT NULL, client TEXT NOT NULL,
       initialize TEXT NOT NULL, created_at INTEGER NOT NULL)`,
  );
  return {
    get(id) {
      const [found] = sql
        .exec(
          "SELECT user, client, initialize FROM mcp_sessions WHERE id = ? AND created_at > ?",
          id,
          now() - ROW_TTL_MS,
        )
        .toArray();
      if (found === undefined) return undefined;
      const { user, client, initialize } = StoredRow.parse(found);
      return { user, client, initialize: JSON.parse(initialize) as unknown };
    },
    put(id, row) {
      sql.exec(
        "INSERT OR REPLACE INTO mcp_sessions VALUES (?, ?, ?, ?, ?)",
        id,
        row.user,
        row.client,
        JSON.stringify(row.initialize),
        now(),
      );
      sql.exec(
        `DELETE FROM mcp_sessions WHERE created_at <= ?1 OR id NOT IN
           (SELECT id FROM mcp_sessions ORDER BY created_at DESC, rowid DESC LIMIT ?2)`,
        now() - ROW_TTL_MS,
        ROWS_MAX,
      );
    },
    delete(id) {
      sql.exec("DELETE FROM mcp_sessions WHERE id = ?", id);
    },
  };
}
