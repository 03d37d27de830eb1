import type { OwnContainers } from "#worker/operations/context.ts";

const refuse = (): Promise<never> => Promise.reject(new Error("Nobody asks for the containers."));

/** The containers of a user, for tests in which nobody asks for them. */
export const noContainers: OwnContainers = {
  list: refuse,
  create: refuse,
  rename: refuse,
  deletedAmong: refuse,
  remove: refuse,
};
