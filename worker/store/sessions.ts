import type { Redis } from "@upstash/redis";
import * as z from "zod";
import { DiscoError } from "#protocol/errors.ts";
import { InstanceType } from "#protocol/sessions.ts";
import { fieldsOf, newId, parseRecord } from "./records.ts";

const SessionRecord = z.object({
  id: z.string().min(16),
  name: z.string(),
  type: InstanceType,
  createdAt: z.int().nonnegative(),
});

/** The binding of one client of one user to one container; SCHEMA.md shows its keys. */
export interface Session {
  readonly id: string;
  /** The name is the client's own claim; untrusted text. */
  readonly client: { readonly id: string; readonly name: string };
  readonly type: InstanceType;
  /** Id of the container; null: the user's default one, whichever that is. */
  readonly container: string | null;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  /** Milliseconds since the epoch; null: never used. */
  readonly usedAt: number | null;
}

export type NewSession = Pick<Session, "client" | "type" | "container"> & {
  /** Id of the user. */
  readonly user: string;
};

/** Clients of one user; beyond it the one unused for longest loses its session. */
export const SESSIONS_MAX = 64;

const NAME_MAX_CHARS = 200;

/** What stands for no binding. */
const UNBOUND = "";

const sessionsKey = (user: string): string => `user:${user}:sessions`;
const bindingsKey = (user: string): string => `user:${user}:bindings`;
const usedKey = (user: string): string => `user:${user}:sessions-used`;

/**
 * The sessions of all users. The binding is kept apart from the record, so that changing it can never
 * bring back a session that was ended at the same time. Every method throws DiscoError
 * `store_unavailable`.
 */
export interface Sessions {
  /** Opens the session of this client; an earlier one of it has ended. */
  open(session: NewSession): Promise<Session>;
  /** The session of this client, opened at the first call. */
  findOrOpen(session: NewSession): Promise<Session>;
  /** In the order in which they were opened. */
  list(user: string): Promise<Session[]>;
  get(user: string, id: string): Promise<Session | undefined>;
  /** @returns false when there is no such session */
  bind(user: string, id: string, container: string): Promise<boolean>;
  /** @returns the session that has ended; undefined when there was none */
  end(user: string, id: string): Promise<Session | undefined>;
  endAll(user: string): Promise<void>;
  noteUse(user: string, id: string): Promise<void>;
}

/** @param now milliseconds since the epoch */
export function createSessions(redis: Redis, now: () => number = Date.now): Sessions {
  const rows = createRows(redis, now);
  const { list } = rows;

  async function find(
    user: string,
    is: (session: Session) => boolean,
  ): Promise<Session | undefined> {
    return (await list(user)).find(is);
  }
  const get: Sessions["get"] = (user, id) => find(user, (session) => session.id === id);
  const sameClient = (given: NewSession) => (session: Session) =>
    session.client.id === given.client.id;

  async function end(user: string, session: Session | undefined): Promise<Session | undefined> {
    if (session !== undefined) await rows.remove(user, session);
    return session;
  }

  async function makeRoom(user: string): Promise<void> {
    const lastUse = (session: Session): number => session.usedAt ?? session.createdAt;
    const all = (await list(user)).toSorted((one, other) => lastUse(one) - lastUse(other));
    if (all.length >= SESSIONS_MAX) await end(user, all[0]);
  }

  return {
    list,
    get,
    end: async (user, id) => end(user, await get(user, id)),
    async open(given) {
      await end(given.user, await find(given.user, sameClient(given)));
      await makeRoom(given.user);
      return rows.put(given, false);
    },
    async findOrOpen(given) {
      const known = await find(given.user, sameClient(given));
      if (known !== undefined) return known;
      await makeRoom(given.user);
      return rows.put(given, true);
    },
    async bind(user, id, container) {
      if ((await get(user, id)) === undefined) return false;
      await redis.hset(bindingsKey(user), { [id]: container });
      return true;
    },
    async endAll(user) {
      await redis.del(sessionsKey(user), bindingsKey(user), usedKey(user));
    },
    async noteUse(user, id) {
      await redis.hset(usedKey(user), { [id]: String(now()) });
    },
  };
}

/** The rows themselves, without what a session may and may not be. */
function createRows(redis: Redis, now: () => number) {
  async function list(user: string): Promise<Session[]> {
    const replies = await redis
      .pipeline()
      .hgetall(sessionsKey(user))
      .hgetall(bindingsKey(user))
      .hgetall(usedKey(user))
      .exec();
    const [records, bindings, used] = replies.map(fieldsOf);
    return [...(records ?? [])]
      .map(([client, text]) => sessionOf(client, text, bindings, used))
      .toSorted((one, other) => one.createdAt - other.createdAt || (one.id < other.id ? -1 : 1));
  }

  return {
    list,

    /**
     * The binding stands before the record does: there is no session without a container.
     *
     * @param onlyNew whether the session that the client has meanwhile stays
     */
    async put(given: NewSession, onlyNew: boolean): Promise<Session> {
      const { user, client, type, container } = given;
      const id = newId("s");
      const name = client.name.slice(0, NAME_MAX_CHARS);
      const record = JSON.stringify({ id, name, type, createdAt: now() });
      await redis.hset(bindingsKey(user), { [id]: container ?? UNBOUND });
      if (onlyNew) await redis.hsetnx(sessionsKey(user), client.id, record);
      else await redis.hset(sessionsKey(user), { [client.id]: record });
      const session = (await list(user)).find((one) => one.client.id === client.id);
      if (session?.id !== id) await redis.hdel(bindingsKey(user), id);
      if (session !== undefined) return session;
      throw new DiscoError("store_unavailable", "The client's session was ended as it was opened.");
    },

    async remove(user: string, { id, client }: Session): Promise<void> {
      await redis
        .pipeline()
        .hdel(sessionsKey(user), client.id)
        .hdel(bindingsKey(user), id)
        .hdel(usedKey(user), id)
        .exec();
    },
  };
}

type Fields = ReadonlyMap<string, string> | undefined;

function sessionOf(clientId: string, text: string, bindings: Fields, used: Fields): Session {
  const { id, name, type, createdAt } = parseRecord(text, SessionRecord, "a session");
  const usedAt = used?.get(id);
  return {
    id,
    client: { id: clientId, name },
    type,
    container: bindings?.get(id) || null,
    createdAt,
    usedAt: usedAt === undefined ? null : Number(usedAt),
  };
}
