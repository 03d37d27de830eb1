import { type CommandTable, parseInteger, type Reply } from "./commands.ts";
import type { Key, Keyspace } from "./keyspace.ts";
import { notAnInteger, ReplyError, syntaxError, wrongType } from "./reply-error.ts";

interface SetOptions {
  readonly only: "NX" | "XX" | null;
  readonly returnOld: boolean;
  /** Milliseconds from now; null without expiry. */
  readonly ttlMs: number | null;
  readonly keepTtl: boolean;
}

/** Commands on strings, as https://redis.io/commands describes them. */
export const stringCommands: CommandTable = {
  GET: { min: 1, max: 1, run: (keys, [key = ""]) => keys.findOf(key, "string")?.value ?? null },
  SET: { min: 2, max: Infinity, run: set },
  GETDEL: { min: 1, max: 1, run: getdel },
  INCR: { min: 1, max: 1, run: (keys, [key = ""]) => increment(keys, key, 1) },
  INCRBY: {
    min: 2,
    max: 2,
    run: (keys, [key = "", by]) => increment(keys, key, parseInteger(by)),
  },
};

function set(keys: Keyspace, [key = "", value = "", ...rest]: readonly string[]): Reply {
  const options = parseSetOptions(rest);
  const old = keys.find(key);
  if (options.returnOld && old && old.type !== "string") throw wrongType();
  const wanted = options.only === null || (options.only === "XX") === (old !== undefined);
  if (wanted) replace(keys, key, value, old, options);
  if (options.returnOld) return old?.value ?? null;
  return wanted ? "OK" : null;
}

function replace(
  keys: Keyspace,
  key: string,
  value: string,
  old: Key | undefined,
  { ttlMs, keepTtl }: SetOptions,
): void {
  keys.remove(key);
  const kept = keepTtl && old ? old.expiresAt : null;
  keys.put(key, "string", value, ttlMs === null ? kept : keys.now() + ttlMs);
}

function parseSetOptions(rest: readonly string[]): SetOptions {
  let only: SetOptions["only"] = null;
  let returnOld = false;
  let keepTtl = false;
  let ttlMs: number | null = null;
  const words = rest.values();
  for (const word of words) {
    const option = word.toUpperCase();
    if ((option === "NX" || option === "XX") && only === null) only = option;
    else if (option === "GET") returnOld = true;
    else if (option === "KEEPTTL" && ttlMs === null) keepTtl = true;
    else if ((option === "EX" || option === "PX") && ttlMs === null && !keepTtl) {
      const { value: amount, done } = words.next();
      if (done) throw syntaxError();
      ttlMs = parseInteger(amount) * (option === "EX" ? 1_000 : 1);
      if (ttlMs <= 0) throw new ReplyError("ERR invalid expire time in 'set' command");
    } else throw syntaxError();
  }
  return { only, returnOld, ttlMs, keepTtl };
}

function getdel(keys: Keyspace, [key = ""]: readonly string[]): Reply {
  const old = keys.findOf(key, "string");
  if (old) keys.remove(key);
  return old?.value ?? null;
}

function increment(keys: Keyspace, key: string, by: number): Reply {
  const old = keys.findOf(key, "string");
  const sum = parseInteger(old?.value ?? "0") + by;
  if (!Number.isSafeInteger(sum)) throw notAnInteger();
  keys.put(key, "string", String(sum), old?.expiresAt ?? null);
  return sum;
}
