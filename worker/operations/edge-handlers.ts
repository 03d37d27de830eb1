import type { DirectoryOperationName, EdgeOperationName, Handlers } from "#protocol/registry.ts";
import { containerStatus } from "./container-status.ts";
import { createContainer, deleteContainer, listContainers, renameContainer } from "./containers.ts";
import type { DirectoryContext, EdgeContext } from "./context.ts";
import { waitFor } from "./wait-for.ts";

/** The operations on one container that the worker answers alone. */
export const edgeHandlers: Handlers<EdgeOperationName, EdgeContext> = {
  container_status: (_input, context) => containerStatus(context),
  wait_for: waitFor,
};

/** The operations on the user's containers themselves. */
export const directoryHandlers: Handlers<DirectoryOperationName, DirectoryContext> = {
  create_container: createContainer,
  list_containers: (_input, context) => listContainers(context),
  rename_container: renameContainer,
  delete_container: (_input, context) => deleteContainer(context),
};
