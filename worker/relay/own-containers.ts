import { DiscoError } from "#protocol/errors.ts";
import type { ContainerLink } from "./link.ts";
import type { ContainerRef, OwnContainer, OwnContainers } from "../operations/context.ts";
import type { ContainerRecord, Containers } from "../store/containers.ts";
import type { GitGrants } from "../store/git-grants.ts";
import type { Grants } from "../store/grants.ts";

export interface OwnContainersOptions {
  /** Whose they are, as the token says that was verified. */
  readonly user: string;
  readonly records: () => Containers;
  readonly grants: () => Grants;
  readonly gitGrants: () => GitGrants;
  readonly resolve: (named: string) => Promise<ContainerRef>;
  readonly link: (container: string) => ContainerLink;
  /** What was remembered of the user's containers is no longer true. */
  readonly changed: () => void;
}

/** The containers of one user: their records, and what hangs on each of them. */
export function createOwnContainers(options: OwnContainersOptions): OwnContainers {
  const { user, records, grants, gitGrants, resolve, link, changed } = options;

  const ownOf = ({ id, name, createdAt }: ContainerRecord, current?: string): OwnContainer => ({
    id,
    name,
    createdAt,
    isCurrent: id === current,
  });

  return {
    async list() {
      const [found, current] = await Promise.all([records().list(user), records().defaultId(user)]);
      return found.map((record) => ownOf(record, current));
    },

    async create(name) {
      return ownOf(await records().create(user, name));
    },

    async rename(named, name) {
      const { id } = await resolve(named);
      const record = await records().get(id);
      const renamed = record && (await records().rename(record, name));
      if (!renamed) throw deleted(id);
      changed();
      return { id, name };
    },

    async deletedAmong(ids) {
      const asked = await Promise.all(ids.map((id) => records().wasDeleted(user, id)));
      return ids.filter((_id, index) => asked[index]);
    },

    /**
     * The record goes first: from then on no call, no ticket and no page finds the container. What
     * fails after that is done when the owner deletes it again.
     */
    async remove(named) {
      const existed = await resolve(named).then(
        () => true,
        (error: unknown) => {
          if (error instanceof DiscoError && error.code === "container_deleted") return false;
          throw error;
        },
      );
      await records().remove(user, named);
      changed();
      await grants().clear(named);
      await gitGrants().clear(named);
      await link(named).erase();
      return existed;
    },
  };
}

/** For its owner only; to everybody else the container never was. */
export function deleted(container: string): DiscoError {
  return new DiscoError("container_deleted", `You deleted the container ${container}.`, {
    details: { container },
  });
}
