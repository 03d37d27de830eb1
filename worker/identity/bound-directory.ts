import type { ContainerDirectory } from "../operations/context.ts";
import type { Principal } from "./principal.ts";

/** The containers as this client reaches them: `current` is the one that its session is bound to. */
export function boundDirectory(
  directory: ContainerDirectory,
  { session }: Principal,
): ContainerDirectory {
  return {
    ...directory,
    resolve: async (user, named) =>
      named === undefined || named === "current"
        ? session.container
        : directory.resolve(user, named),
  };
}
