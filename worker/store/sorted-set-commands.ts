import * as z from "zod";
import { type CommandTable, parseInteger, type Reply } from "./commands.ts";
import type { Keyspace } from "./keyspace.ts";
import { ReplyError, syntaxError } from "./reply-error.ts";

// z.number() refuses the infinities, which are scores too.
const Score = z.custom<number>((value) => typeof value === "number");
const Member = z.object({ member: z.string(), score: Score });
type Member = z.infer<typeof Member>;

const RANGE_OPTIONS = new Set(["BYSCORE", "REV", "WITHSCORES"]);

/**
 * Commands on sorted sets, as https://redis.io/commands describes them: ZADD without flags, ZRANGE by
 * index or by score. Members of equal score are ordered by their bytes.
 */
export const sortedSetCommands: CommandTable = {
  ZADD: { min: 3, max: Infinity, run: zadd },
  ZRANGE: { min: 3, max: Infinity, run: zrange },
  ZREM: { min: 2, max: Infinity, run: zrem },
};

function zadd(keys: Keyspace, [key = "", ...pairs]: readonly string[]): Reply {
  if (pairs.length % 2 === 1) throw syntaxError();
  const scores = pairs.filter((_, index) => index % 2 === 0).map(parseScore);
  if (!keys.findOf(key, "zset")) keys.put(key, "zset", null, null);
  const before = keys.countMembers(key);
  for (const [index, score] of scores.entries()) {
    keys.sql.exec(
      "INSERT OR REPLACE INTO members (key, member, score) VALUES (?, ?, ?)",
      key,
      pairs[index * 2 + 1] ?? "",
      score,
    );
  }
  return keys.countMembers(key) - before;
}

function zrange(
  keys: Keyspace,
  [key = "", start = "", stop = "", ...rest]: readonly string[],
): Reply {
  const options = new Set(rest.map((option) => option.toUpperCase()));
  if (![...options].every((option) => RANGE_OPTIONS.has(option))) throw syntaxError();
  const reverse = options.has("REV");
  const ascending = membersOf(keys, key);
  const ordered = reverse ? ascending.toReversed() : ascending;
  // With REV, BYSCORE names the higher bound first.
  const chosen = options.has("BYSCORE")
    ? byScore(ordered, reverse ? stop : start, reverse ? start : stop)
    : byIndex(ordered, parseInteger(start), parseInteger(stop));
  return chosen.flatMap(({ member, score }) =>
    options.has("WITHSCORES") ? [member, formatScore(score)] : [member],
  );
}

function zrem(keys: Keyspace, [key = "", ...members]: readonly string[]): Reply {
  if (!keys.findOf(key, "zset")) return 0;
  const before = keys.countMembers(key);
  for (const member of members) {
    keys.sql.exec("DELETE FROM members WHERE key = ? AND member = ?", key, member);
  }
  const removed = before - keys.countMembers(key);
  keys.removeWhenEmpty(key);
  return removed;
}

function membersOf(keys: Keyspace, key: string): Member[] {
  if (!keys.findOf(key, "zset")) return [];
  const query = "SELECT member, score FROM members WHERE key = ? ORDER BY score, member";
  return keys.sql
    .exec(query, key)
    .toArray()
    .map((row) => Member.parse(row));
}

/** Both ends are included; a negative index counts from the end. */
function byIndex(members: Member[], start: number, stop: number): Member[] {
  const from = start < 0 ? Math.max(0, members.length + start) : start;
  const to = stop < 0 ? members.length + stop : stop;
  return members.slice(from, Math.max(from, to + 1));
}

function byScore(members: Member[], low: string, high: string): Member[] {
  const from = parseBound(low);
  const to = parseBound(high);
  return members.filter(
    ({ score }) =>
      (from.open ? score > from.score : score >= from.score) &&
      (to.open ? score < to.score : score <= to.score),
  );
}

/** `5`, `(5` without 5 itself, `-inf`, `+inf`. */
function parseBound(text: string): { score: number; open: boolean } {
  const open = text.startsWith("(");
  const score = toScore(open ? text.slice(1) : text);
  if (Number.isNaN(score)) throw new ReplyError("ERR min or max is not a float");
  return { score, open };
}

function parseScore(text: string): number {
  const score = toScore(text);
  if (Number.isNaN(score)) throw new ReplyError("ERR value is not a valid float");
  return score;
}

function toScore(text: string): number {
  const infinity = /^([+-]?)inf(inity)?$/i.exec(text);
  if (infinity) return infinity[1] === "-" ? -Infinity : Infinity;
  return text.trim() === "" ? NaN : Number(text);
}

function formatScore(score: number): string {
  if (Math.abs(score) === Infinity) return score > 0 ? "inf" : "-inf";
  return String(score);
}
