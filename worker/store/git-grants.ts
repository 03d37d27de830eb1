import type { Redis } from "@upstash/redis";
import * as z from "zod";
import { gitAccesses, problemOfBranches, REPOSITORIES_MAX } from "#protocol/git-grant.ts";
import { DiscoError } from "#protocol/errors.ts";
import { readHash } from "./hash-records.ts";

const GitGrantRecord = z.object({
  access: z.enum(gitAccesses),
  /** Branches that may be pushed; null: all of them, and tags. */
  branches: z
    .string()
    .refine((branches) => problemOfBranches(branches) === null)
    .nullable(),
  /** Milliseconds since the epoch. */
  since: z.int().nonnegative(),
  /** Id of the user who allowed it. */
  by: z.string().min(1).max(128),
});

/** A repository that a container may use, and how; SCHEMA.md shows its key. */
export interface GitGrant extends z.infer<typeof GitGrantRecord> {
  /** As `parseRepository` names it. */
  readonly repository: string;
}

const gitGrantsKey = (container: string): string => `container:${container}:git`;

/** What containers may do with repositories. Every method throws DiscoError `store_unavailable`. */
export interface GitGrants {
  /** In the order in which they were given. */
  list(container: string): Promise<GitGrant[]>;
  /**
   * Allows a repository, or allows it differently.
   *
   * @throws DiscoError `invalid_input` when there are REPOSITORIES_MAX of them
   */
  put(container: string, grant: Omit<GitGrant, "since">): Promise<void>;
  /** Takes the permission back; without effect when there is none. */
  remove(container: string, repository: string): Promise<void>;
  /** Forgets all of a container that is deleted. */
  clear(container: string): Promise<void>;
}

/** @param now milliseconds since the epoch */
export function createGitGrants(redis: Redis, now: () => number = Date.now): GitGrants {
  async function list(container: string): Promise<GitGrant[]> {
    const rows = await readHash(redis, gitGrantsKey(container), GitGrantRecord);
    return rows
      .map(([repository, record]) => Object.assign(record, { repository }))
      .toSorted((one, other) => one.since - other.since);
  }

  return {
    list,
    async put(container, { repository, ...grant }) {
      const before = await list(container);
      const isNew = !before.some((one) => one.repository === repository);
      if (isNew && before.length >= REPOSITORIES_MAX) {
        const message = `No more than ${REPOSITORIES_MAX} repositories can be allowed: remove one first.`;
        throw new DiscoError("invalid_input", message);
      }
      const record = JSON.stringify({ ...grant, since: now() });
      await redis.hset(gitGrantsKey(container), { [repository]: record });
    },
    async remove(container, repository) {
      await redis.hdel(gitGrantsKey(container), repository);
    },
    async clear(container) {
      await redis.del(gitGrantsKey(container));
    },
  };
}
