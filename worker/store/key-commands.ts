import { type CommandTable, parseInteger, type Reply } from "./commands.ts";
import type { Keyspace } from "./keyspace.ts";

/** TTL and PTTL answer these for a key that is absent, and for one that never expires. */
const NO_KEY = -2;
const NO_EXPIRY = -1;

/** Commands on keys of any type, as https://redis.io/commands describes them. */
export const keyCommands: CommandTable = {
  PING: { min: 0, max: 1, run: (_keys, [message]) => message ?? "PONG" },
  DEL: { min: 1, max: Infinity, run: del },
  EXISTS: {
    min: 1,
    max: Infinity,
    run: (keys, names) => names.filter((name) => keys.find(name)).length,
  },
  EXPIRE: { min: 2, max: 2, run: expire },
  TTL: { min: 1, max: 1, run: (keys, [key = ""]) => timeToLive(keys, key, 1_000) },
  PTTL: { min: 1, max: 1, run: (keys, [key = ""]) => timeToLive(keys, key, 1) },
};

function del(keys: Keyspace, names: readonly string[]): Reply {
  let removed = 0;
  for (const name of names) {
    if (!keys.find(name)) continue;
    keys.remove(name);
    removed += 1;
  }
  return removed;
}

function expire(keys: Keyspace, [key = "", seconds]: readonly string[]): Reply {
  const ttlMs = parseInteger(seconds) * 1_000;
  const found = keys.find(key);
  if (!found) return 0;
  if (ttlMs <= 0) keys.remove(key);
  else keys.put(key, found.type, found.value, keys.now() + ttlMs);
  return 1;
}

/** @param unitMs length of the unit that is answered, rounded as Redis does: to the nearest */
function timeToLive(keys: Keyspace, key: string, unitMs: number): Reply {
  const found = keys.find(key);
  if (!found) return NO_KEY;
  if (found.expiresAt === null) return NO_EXPIRY;
  return Math.round((found.expiresAt - keys.now()) / unitMs);
}
