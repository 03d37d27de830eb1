import type { Redis } from "@upstash/redis";

/**
 * The one script that Disco runs inside the store: what a decision was made on must still stand when
 * its outcome is written. An empty text stands for no key, and as the new value deletes it.
 *
 * KEYS[1] the key; ARGV[1] its value as it was read; ARGV[2] the new value; ARGV[3] milliseconds that
 * it lives, or 0 for ever. Answers 1 when it was written.
 */
export const COMPARE_AND_SET = `
local current = redis.call('GET', KEYS[1]) or ''
if current ~= ARGV[1] then return 0 end
if ARGV[2] == '' then redis.call('DEL', KEYS[1]) return 1 end
if ARGV[3] == '0' then redis.call('SET', KEYS[1], ARGV[2])
else redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3]) end
return 1
`;

export interface Change {
  /** The value as it was read; null: there was none. */
  readonly from: string | null;
  /** The value from now on; null: none. Never empty. */
  readonly to: string | null;
  /** Milliseconds that the new value lives; null: for ever. */
  readonly ttlMs: number | null;
}

/**
 * Writes only when nobody else did since the value was read.
 *
 * @returns false when the value is another one by now; nothing was written then
 * @throws DiscoError `store_unavailable`
 */
export async function compareAndSet(redis: Redis, key: string, change: Change): Promise<boolean> {
  const { from, to, ttlMs } = change;
  const args = [from ?? "", to ?? "", String(ttlMs ?? 0)];
  return (await redis.eval(COMPARE_AND_SET, [key], args)) === 1;
}
