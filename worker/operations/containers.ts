import { DiscoError } from "#protocol/errors.ts";
import { CONTAINERS_MAX } from "#protocol/limits.ts";
import type { OperationInput, OperationOutput } from "#protocol/registry.ts";
import { stateOf } from "../relay/container-state.ts";
import { containerUrl, isCurrent } from "./container-url.ts";
import type { DirectoryContext, OwnContainer } from "./context.ts";

export async function createContainer(
  { name }: OperationInput<"create_container">,
  { containers, openUrl }: DirectoryContext,
): Promise<OperationOutput<"create_container">> {
  return recordOf(await containers.create(name), openUrl);
}

export async function listContainers(
  context: DirectoryContext,
): Promise<OperationOutput<"list_containers">> {
  const found = await context.containers.list();
  const containers = await Promise.all(
    found.map(async (each) => {
      const state = await stateOf(context.link(each.id));
      return Object.assign(recordOf(each, context.openUrl), { current: each.isCurrent, state });
    }),
  );
  return { containers, count: containers.length, count_max: CONTAINERS_MAX };
}

export async function renameContainer(
  { name }: OperationInput<"rename_container">,
  { containers, named = "" }: DirectoryContext,
): Promise<OperationOutput<"rename_container">> {
  const renamed = await containers.rename(named, name);
  return { container: renamed.id, name: renamed.name };
}

export async function deleteContainer({
  containers,
  named,
}: DirectoryContext): Promise<OperationOutput<"delete_container">> {
  if (named === undefined || isCurrent(named)) {
    const message =
      "delete_container wants the container's id: once it is deleted, `current` names another one.";
    throw new DiscoError("invalid_input", message);
  }
  return { container: named, existed: await containers.remove(named) };
}

function recordOf({ id, name, createdAt }: OwnContainer, openUrl: string) {
  const created = new Date(createdAt).toISOString();
  return { container: id, name, open_url: containerUrl(openUrl, id), created };
}
