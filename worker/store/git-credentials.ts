import type { Redis } from "@upstash/redis";
import * as z from "zod";
import { CREDENTIALS_MAX } from "#protocol/git-grant.ts";
import { DiscoError } from "#protocol/errors.ts";
import { createSealer } from "../identity/sealing.ts";
import { readHash } from "./hash-records.ts";

const CredentialRecord = z.object({
  username: z.string().min(1).max(200),
  /** The token, as `createSealer` keeps it. */
  sealed: z.string().min(1).max(4_096),
  /** Milliseconds since the epoch. */
  since: z.int().nonnegative(),
});

/** What anybody is told of a credential; SCHEMA.md shows its key. */
export interface KnownCredential {
  /** A host as `https://github.com`, or a repository as `https://github.com/owner/name`. */
  readonly scope: string;
  readonly username: string;
  readonly since: number;
}

export interface Credential {
  readonly username: string;
  readonly token: string;
}

const credentialsKey = (user: string): string => `user:${user}:git-credentials`;

/** Credentials for git of users. Every method throws DiscoError `store_unavailable`. */
export interface GitCredentials {
  /** Without what is secret of them. */
  list(user: string): Promise<KnownCredential[]>;
  /**
   * Adds one, or replaces that of the same scope.
   *
   * @throws DiscoError `invalid_input` when there are CREDENTIALS_MAX of them
   */
  put(user: string, scope: string, credential: Credential): Promise<void>;
  /** Without effect when there is none. */
  remove(user: string, scope: string): Promise<void>;
  /** For the proxy alone: the first that there is, in the order of the scopes. */
  find(user: string, scopes: readonly string[]): Promise<Credential | null>;
}

/**
 * @param secret of the deployment
 * @param now milliseconds since the epoch
 */
export function createGitCredentials(
  redis: Redis,
  secret: string,
  now: () => number = Date.now,
): GitCredentials {
  const sealer = createSealer(secret, "git-credentials");
  const place = (user: string, scope: string): string => `${user} ${scope}`;
  const rows = (user: string) => readHash(redis, credentialsKey(user), CredentialRecord);

  return {
    async list(user) {
      const known = (await rows(user)).map(([scope, { username, since }]) => ({
        scope,
        username,
        since,
      }));
      return known.toSorted((one, other) => one.since - other.since);
    },
    async put(user, scope, { username, token }) {
      const before = await rows(user);
      const isNew = !before.some(([one]) => one === scope);
      if (isNew && before.length >= CREDENTIALS_MAX) {
        const message = `No more than ${CREDENTIALS_MAX} credentials are kept: remove one first.`;
        throw new DiscoError("invalid_input", message);
      }
      const sealed = await sealer.seal(place(user, scope), token);
      const record = JSON.stringify({ username, sealed, since: now() });
      await redis.hset(credentialsKey(user), { [scope]: record });
    },
    async remove(user, scope) {
      await redis.hdel(credentialsKey(user), scope);
    },
    async find(user, scopes) {
      const byScope = new Map(await rows(user));
      for (const scope of scopes) {
        const record = byScope.get(scope);
        if (record === undefined) continue;
        try {
          const token = await sealer.open(place(user, scope), record.sealed);
          return { username: record.username, token };
        } catch (cause) {
          const message = `The credential for ${scope} cannot be read any more: add it again.`;
          throw new DiscoError("network_refused", message, { cause });
        }
      }
      return null;
    },
  };
}
