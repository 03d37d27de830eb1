import type { Redis } from "@upstash/redis";
import * as z from "zod";
import { GRANTS_MAX } from "#protocol/egress-frame.ts";
import { type HostRule, parseRule, ruleText } from "#protocol/egress-rule.ts";
import { DiscoError } from "#protocol/errors.ts";
import { readHash } from "./hash-records.ts";

/** One host that a container may reach; SCHEMA.md shows its key. */
export interface Grant {
  readonly rule: HostRule;
  /** Milliseconds since the epoch. */
  readonly since: number;
  /** Id of the user who allowed it. */
  readonly by: string;
}

const GrantRecord = z.object({ since: z.int().nonnegative(), by: z.string().min(1).max(128) });

const grantsKey = (container: string): string => `container:${container}:grants`;

/** What containers were allowed. Every method throws DiscoError `store_unavailable`. */
export interface Grants {
  /** In the order in which they were given. */
  list(container: string): Promise<Grant[]>;
  /**
   * Allows a host; one that is allowed already stays as it is.
   *
   * @throws DiscoError `invalid_input` when there are GRANTS_MAX of them
   */
  add(container: string, rule: HostRule, by: string): Promise<Grant[]>;
  /** Takes the permission back; without effect when there is none. */
  remove(container: string, rule: HostRule): Promise<Grant[]>;
  /** Takes every permission back; without effect when there is none. */
  clear(container: string): Promise<void>;
}

/** @param now milliseconds since the epoch */
export function createGrants(redis: Redis, now: () => number = Date.now): Grants {
  async function list(container: string): Promise<Grant[]> {
    const rows = await readHash(redis, grantsKey(container), GrantRecord);
    return rows
      .map(([text, record]) => Object.assign(record, { rule: ruleOf(text) }))
      .toSorted((one, other) => one.since - other.since);
  }

  return {
    list,
    async add(container, rule, by) {
      const before = await list(container);
      if (before.some((grant) => ruleText(grant.rule) === ruleText(rule))) return before;
      if (before.length >= GRANTS_MAX) {
        const message = `No more than ${GRANTS_MAX} hosts can be allowed: revoke one first.`;
        throw new DiscoError("invalid_input", message);
      }
      const grant: Grant = { rule, since: now(), by };
      const record = JSON.stringify({ since: grant.since, by });
      await redis.hset(grantsKey(container), { [ruleText(rule)]: record });
      return [...before, grant];
    },
    async remove(container, rule) {
      await redis.hdel(grantsKey(container), ruleText(rule));
      return list(container);
    },
    async clear(container) {
      await redis.del(grantsKey(container));
    },
  };
}

/** What cannot be read allows nothing. */
function ruleOf(text: string): HostRule {
  const rule = parseRule(text, true);
  if (rule.ok) return rule.value;
  throw new DiscoError("internal", "A grant's record is damaged.");
}
