import { DiscoError } from "#protocol/errors.ts";
import { grantsOf } from "../egress/granted.ts";
import { isCurrent } from "../operations/container-url.ts";
import type { ContainerDirectory, ContainerRef } from "../operations/context.ts";
import { type Containers, createContainers } from "../store/containers.ts";
import { ExpiringMap } from "../store/expiring-map.ts";
import { createGitGrants } from "../store/git-grants.ts";
import { type StoreEnvironment, createRedis } from "../store/redis.ts";
import type { ContainerLink } from "./link.ts";
import { createOwnContainers, deleted } from "./own-containers.ts";
import { type RelayPort, createRelayLink } from "./relay-client.ts";

/** A user's default changes rarely, and every call asks for it: two commands saved per call. */
const DEFAULT_TTL_MS = 10_000;
const DEFAULTS_MAX = 1_000;

/** Longer than every id; what a caller writes becomes part of a key of the store. */
const ID_MAX_CHARS = 128;

export type DirectoryEnvironment = StoreEnvironment & Pick<Env, "CONTAINER_RELAY">;

/** A relay that serves a call itself, and the user's default container that it is the relay of. */
export interface OwnRelay {
  readonly container: ContainerRef;
  readonly relay: RelayPort;
}

const defaultsOf = new WeakMap<object, ExpiringMap<string, ContainerRef>>();

/**
 * The containers of this deployment.
 *
 * @param own inside a relay: itself, so that its calls neither leave it nor ask the store
 */
export function createDirectory(env: DirectoryEnvironment, own?: OwnRelay): ContainerDirectory {
  let containers: Containers | undefined;
  const store = (): Containers => (containers ??= createContainers(createRedis(env)));
  const defaults = defaultsOf.get(env) ?? new ExpiringMap(DEFAULT_TTL_MS, DEFAULTS_MAX);
  defaultsOf.set(env, defaults);

  async function findDefault(user: string): Promise<ContainerRef> {
    if (own !== undefined) return own.container;
    const known = defaults.get(user);
    if (known !== undefined) return known;
    const { id, name } = await store().findOrCreateDefault(user);
    return defaults.set(user, { id, name });
  }

  async function resolve(user: string, named: string | undefined): Promise<ContainerRef> {
    if (named === undefined || isCurrent(named)) return findDefault(user);
    if (named === own?.container.id) return own.container;
    const asked = named.slice(0, ID_MAX_CHARS);
    const record = await store().get(asked);
    if (record?.user === user) return { id: record.id, name: record.name };
    // Asked for a foreign container too, so that it takes as long as for one that never was.
    if (await store().wasDeleted(user, asked)) throw deleted(asked);
    const message = `There is no container ${JSON.stringify(named.slice(0, 100))}.`;
    throw new DiscoError("container_not_found", message);
  }

  function link(container: string): ContainerLink {
    if (container === own?.container.id) return createRelayLink(() => own.relay, container);
    const openStub = () => env.CONTAINER_RELAY.getByName(container) as unknown as RelayPort;
    return createRelayLink(openStub, container);
  }

  return {
    resolve,
    link,
    of: (user) =>
      createOwnContainers({
        user,
        records: store,
        grants: () => grantsOf(env),
        gitGrants: () => createGitGrants(createRedis(env)),
        resolve: (named) => resolve(user, named),
        link,
        changed: () => defaults.delete(user),
      }),
  };
}
