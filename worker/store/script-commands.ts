import { type CommandTable, parseInteger, type Reply } from "./commands.ts";
import { COMPARE_AND_SET } from "./compare-and-set.ts";
import type { Keyspace } from "./keyspace.ts";
import { ReplyError } from "./reply-error.ts";

type Script = (keys: Keyspace, names: readonly string[], args: readonly string[]) => Reply;

/** What each script of ours does, by its text: there is no Lua here. */
const scripts = new Map<string, Script>([[COMPARE_AND_SET, compareAndSet]]);

/** EVAL, as https://redis.io/commands/eval describes it, for the scripts that Disco has. */
export const scriptCommands: CommandTable = {
  EVAL: { min: 2, max: Infinity, run: evaluate },
};

function evaluate(keys: Keyspace, [text = "", count, ...rest]: readonly string[]): Reply {
  const script = scripts.get(text);
  if (!script) throw new ReplyError("ERR unknown script: the embedded store runs its own only");
  const names = parseInteger(count);
  return script(keys, rest.slice(0, names), rest.slice(names));
}

function compareAndSet(
  keys: Keyspace,
  [key = ""]: readonly string[],
  [from = "", to = "", ttl]: readonly string[],
): Reply {
  const current = keys.findOf(key, "string")?.value ?? "";
  if (current !== from) return 0;
  const ttlMs = parseInteger(ttl);
  keys.remove(key);
  if (to !== "") keys.put(key, "string", to, ttlMs === 0 ? null : keys.now() + ttlMs);
  return 1;
}
