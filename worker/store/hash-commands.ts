import * as z from "zod";
import { type CommandTable, type Reply } from "./commands.ts";
import type { Keyspace } from "./keyspace.ts";
import { wrongNumberOfArguments } from "./reply-error.ts";

const Field = z.object({ member: z.string(), value: z.string() });

/** Commands on hashes, as https://redis.io/commands describes them. */
export const hashCommands: CommandTable = {
  HSET: { min: 3, max: Infinity, run: hset },
  HSETNX: { min: 3, max: 3, run: hsetnx },
  HGET: { min: 2, max: 2, run: hget },
  HGETALL: { min: 1, max: 1, run: hgetall },
  HDEL: { min: 2, max: Infinity, run: hdel },
};

function hset(keys: Keyspace, [key = "", ...pairs]: readonly string[]): Reply {
  if (pairs.length % 2 === 1) throw wrongNumberOfArguments("hset");
  if (!keys.findOf(key, "hash")) keys.put(key, "hash", null, null);
  const before = keys.countMembers(key);
  for (let index = 0; index < pairs.length; index += 2) {
    keys.sql.exec(
      "INSERT OR REPLACE INTO members (key, member, value) VALUES (?, ?, ?)",
      key,
      pairs[index] ?? "",
      pairs[index + 1] ?? "",
    );
  }
  return keys.countMembers(key) - before;
}

function hsetnx(keys: Keyspace, [key = "", field = "", value = ""]: readonly string[]): Reply {
  if (fieldsOf(keys, key).has(field)) return 0;
  return hset(keys, [key, field, value]);
}

function hget(keys: Keyspace, [key = "", field = ""]: readonly string[]): Reply {
  return fieldsOf(keys, key).get(field) ?? null;
}

/** Fields and values in turn; their order is not promised (Redis, HGETALL). */
function hgetall(keys: Keyspace, [key = ""]: readonly string[]): Reply {
  return [...fieldsOf(keys, key)].flat();
}

function hdel(keys: Keyspace, [key = "", ...fields]: readonly string[]): Reply {
  if (!keys.findOf(key, "hash")) return 0;
  const before = keys.countMembers(key);
  for (const field of fields) {
    keys.sql.exec("DELETE FROM members WHERE key = ? AND member = ?", key, field);
  }
  const removed = before - keys.countMembers(key);
  keys.removeWhenEmpty(key);
  return removed;
}

function fieldsOf(keys: Keyspace, key: string): Map<string, string> {
  if (!keys.findOf(key, "hash")) return new Map();
  const rows = keys.sql.exec("SELECT member, value FROM members WHERE key = ?", key).toArray();
  return new Map(
    rows.map((row) => {
      const { member, value } = Field.parse(row);
      return [member, value];
    }),
  );
}
