import { allows, type EgressTarget } from "#protocol/egress-rule.ts";
import { ExpiringMap } from "../store/expiring-map.ts";
import { createGrants, type Grant, type Grants } from "../store/grants.ts";
import { createRedis, type StoreEnvironment } from "../store/redis.ts";
import { GRANTS_BELIEVED_MS, GRANTS_REMEMBERED } from "./limits.ts";

const remembered = new WeakMap<object, ExpiringMap<string, readonly Grant[]>>();

/**
 * The store's grants, each list believed for a moment: a program that sends many requests must not
 * cost as many reads. Changes made in this isolate count at once.
 */
export function grantsOf(env: StoreEnvironment): Grants {
  const store = createGrants(createRedis(env));
  const recent = remembered.get(env) ?? new ExpiringMap(GRANTS_BELIEVED_MS, GRANTS_REMEMBERED);
  remembered.set(env, recent);
  const remember = (container: string, grants: readonly Grant[]): Grant[] => [
    ...recent.set(container, grants),
  ];
  return {
    list: async (container) => {
      const known = recent.get(container);
      return known ? [...known] : remember(container, await store.list(container));
    },
    add: async (container, rule, by) => remember(container, await store.add(container, rule, by)),
    remove: async (container, rule) => remember(container, await store.remove(container, rule)),
    clear: async (container) => {
      await store.clear(container);
      remember(container, []);
    },
  };
}

/** @throws DiscoError `store_unavailable` */
export async function isGranted(
  grants: Grants,
  container: string,
  target: EgressTarget,
): Promise<boolean> {
  return (await grants.list(container)).some(({ rule }) => allows(rule, target));
}
