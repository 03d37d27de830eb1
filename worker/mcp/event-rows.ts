import type { JSONRPCMessage } from "@modelcontextprotocol/server";
import * as z from "zod";
import { createEventStore, type KeptEvent, type SessionEvents } from "./event-store.ts";

/** Milliseconds that a client has to come back for the rest of a stream; a phone sleeps longer. */
const EVENT_TTL_MS = 10 * 60 * 1_000;

/** UTF-16 units of all messages that one relay keeps: an image or a long log is the largest of them. */
const KEPT_MAX_CHARS = 16 * 1_024 * 1_024;

/** UTF-16 units of one message: a row holds 2 MB at most, and a unit takes up to 3 bytes. */
const MESSAGE_MAX_CHARS = 600_000;

/** Messages between two cleanings: each cleaning writes. */
const CLEAN_EVERY = 32;

/** What the streams of 2025 sent, so that a client that lost one can have the rest of it. */
export interface EventRows {
  /** The events of one session; no other one finds them. */
  of(session: string): SessionEvents;
  /** The session has ended. */
  forget(session: string): void;
}

const StoredEvent = z.object({ number: z.number(), message: z.string() });

/** Events of sessions of 2025, in the relay's own SQLite, so that they survive it. */
export function createEventRows(sql: SqlStorage, now: () => number = Date.now): EventRows {
  sql.exec(
    `CREATE TABLE IF NOT EXISTS mcp_events (
       number INTEGER PRIMARY KEY AUTOINCREMENT, session TEXT NOT NULL, stream TEXT NOT NULL,
       message TEXT NOT NULL, created_at INTEGER NOT NULL)`,
  );
  const clean = (): void => {
    sql.exec(
      `DELETE FROM mcp_events WHERE created_at <= ?1 OR number <= coalesce((SELECT max(number) FROM
         (SELECT number, sum(length(message)) OVER (ORDER BY number DESC) AS kept FROM mcp_events)
         WHERE kept > ?2), 0)`,
      now() - EVENT_TTL_MS,
      KEPT_MAX_CHARS,
    );
  };
  const put = (session: string, stream: string, message: JSONRPCMessage): number => {
    const text = kept(message);
    const [row] = sql
      .exec(
        `INSERT INTO mcp_events (session, stream, message, created_at) VALUES (?, ?, ?, ?)
           RETURNING number`,
        session,
        stream,
        text,
        now(),
      )
      .toArray();
    const number = Number(row?.["number"]);
    if (number % CLEAN_EVERY === 0) clean();
    return number;
  };
  const after = (session: string, stream: string, number: number): KeptEvent[] =>
    sql
      .exec(
        `SELECT number, message FROM mcp_events
           WHERE session = ? AND stream = ? AND number > ? AND created_at > ? ORDER BY number`,
        session,
        stream,
        number,
        now() - EVENT_TTL_MS,
      )
      .toArray()
      .map((row) => {
        const { number: at, message } = StoredEvent.parse(row);
        return { number: at, message: JSON.parse(message) as JSONRPCMessage };
      });
  return {
    of: (session) =>
      createEventStore({
        put: (stream, message) => put(session, stream, message),
        after: (stream, number) => after(session, stream, number),
      }),
    forget: (session) => void sql.exec("DELETE FROM mcp_events WHERE session = ?", session),
  };
}

/** The text that is kept of a message; of one that no row holds, only that it was there. */
function kept(message: JSONRPCMessage): string {
  const text = JSON.stringify(message);
  if (text.length <= MESSAGE_MAX_CHARS) return text;
  if (!("id" in message)) return "{}";
  const lost =
    "The answer was sent, but it is too large to be sent again. Next: look with container_status " +
    "what the call did, then ask for less.";
  return JSON.stringify({
    jsonrpc: "2.0",
    id: message.id,
    error: { code: -32_603, message: lost },
  });
}
