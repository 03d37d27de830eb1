import { isCurrent } from "../operations/container-url.ts";
import type { ContainerDirectory, OwnContainer } from "../operations/context.ts";
import type { Principal } from "./principal.ts";

/** The containers as this client reaches them: `current` is the one that its session is bound to. */
export function boundDirectory(
  directory: ContainerDirectory,
  { session }: Principal,
): ContainerDirectory {
  return {
    ...directory,
    resolve: async (user, named) =>
      (isCurrent(named) ? session.container : null) ?? (await directory.resolve(user, named)),
    of: (user) => {
      const own = directory.of(user);
      const { container } = session;
      if (container === null) return own;
      const ofClient = (each: OwnContainer): OwnContainer => ({
        ...each,
        isCurrent: each.id === container.id,
      });
      return { ...own, list: async () => (await own.list()).map(ofClient) };
    },
  };
}
