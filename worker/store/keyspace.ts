import * as z from "zod";
import { wrongType } from "./reply-error.ts";

/** What a key holds; a name is what the TYPE command calls it. */
export type KeyType = "string" | "hash" | "zset";

const Row = z.object({
  type: z.enum(["string", "hash", "zset"]),
  value: z.string().nullable(),
  expires_at: z.number().nullable(),
});
const Count = z.object({ count: z.number() });
const Expiry = z.object({ expires_at: z.number().nullable() });

export interface Key {
  readonly type: KeyType;
  /** The value of a string; null for the other types. */
  readonly value: string | null;
  /** Milliseconds since the epoch, or null. */
  readonly expiresAt: number | null;
}

/** The keys with their types and expiries; an expired key does not exist (Redis, EXPIRE). */
export class Keyspace {
  readonly sql: SqlStorage;
  readonly now: () => number;

  constructor(sql: SqlStorage, now: () => number) {
    this.sql = sql;
    this.now = now;
    sql.exec(
      `CREATE TABLE IF NOT EXISTS keys (
         key TEXT PRIMARY KEY, type TEXT NOT NULL, value TEXT, expires_at INTEGER
       ) WITHOUT ROWID;
       CREATE INDEX IF NOT EXISTS keys_by_expiry ON keys (expires_at) WHERE expires_at IS NOT NULL;
       CREATE TABLE IF NOT EXISTS members (
         key TEXT NOT NULL, member TEXT NOT NULL, value TEXT, score REAL, PRIMARY KEY (key, member)
       ) WITHOUT ROWID;
       CREATE INDEX IF NOT EXISTS members_by_score ON members (key, score, member);`,
    );
  }

  find(key: string): Key | undefined {
    const row = this.sql.exec("SELECT type, value, expires_at FROM keys WHERE key = ?", key);
    const found = row.toArray()[0];
    if (!found) return undefined;
    const { type, value, expires_at: expiresAt } = Row.parse(found);
    if (expiresAt === null || expiresAt > this.now()) return { type, value, expiresAt };
    this.remove(key);
    return undefined;
  }

  /** @throws ReplyError WRONGTYPE when the key holds another type */
  findOf(key: string, type: KeyType): Key | undefined {
    const found = this.find(key);
    if (found && found.type !== type) throw wrongType();
    return found;
  }

  put(key: string, type: KeyType, value: string | null, expiresAt: number | null): void {
    this.sql.exec(
      "INSERT OR REPLACE INTO keys (key, type, value, expires_at) VALUES (?, ?, ?, ?)",
      key,
      type,
      value,
      expiresAt,
    );
  }

  remove(key: string): void {
    this.sql.exec("DELETE FROM members WHERE key = ?", key);
    this.sql.exec("DELETE FROM keys WHERE key = ?", key);
  }

  /** A hash or sorted set without members does not exist. */
  removeWhenEmpty(key: string): void {
    if (this.countMembers(key) === 0) this.remove(key);
  }

  countMembers(key: string): number {
    const row = this.sql.exec("SELECT count(*) AS count FROM members WHERE key = ?", key).one();
    return Count.parse(row).count;
  }

  /** Frees what has expired. */
  sweep(): void {
    const now = this.now();
    const expired = "SELECT key FROM keys WHERE expires_at <= ?";
    this.sql.exec(`DELETE FROM members WHERE key IN (${expired})`, now);
    this.sql.exec("DELETE FROM keys WHERE expires_at <= ?", now);
  }

  /** Milliseconds since the epoch at which the next key expires, or null. */
  nextExpiry(): number | null {
    const row = this.sql.exec("SELECT min(expires_at) AS expires_at FROM keys").one();
    return Expiry.parse(row).expires_at;
  }
}
