import { DiscoError } from "#protocol/errors.ts";
import { CONTAINERS_MAX } from "#protocol/limits.ts";
import type { AppContext } from "../../http/app-env.ts";
import type { ContainerOption } from "../../http/pages/consent-page.ts";
import { type ContainerRecord, createContainers } from "../../store/containers.ts";
import { createRedis } from "../../store/redis.ts";
import { createSessions } from "../../store/sessions.ts";
import { type Candidate, preselect } from "../preselect.ts";

/** What the form sends for a container that is made then, and for whichever is best then. */
const NEW = "new";
const BEST = "best";

/** What a new container is called, until the person calls it otherwise. */
const NEW_NAME = "new";

interface Offered extends Candidate {
  readonly name: string;
}

/**
 * What the consent page offers.
 *
 * @param user id of the user; null: nobody is signed in yet
 * @param client id of the client that asks; its own session is about to be replaced
 */
export async function containerOptions(
  context: AppContext,
  user: string | null,
  client: string,
): Promise<ContainerOption[]> {
  const fresh = { value: NEW, label: "A new container", note: "" };
  if (user === null) {
    const best = {
      value: BEST,
      label: "The one that is open in your browser",
      note: "if no other client uses it, else a new one",
    };
    return [
      { ...best, isPreselected: true },
      { ...fresh, isPreselected: false },
    ];
  }
  const offered = await offeredContainers(context, user, client);
  const mayCreate = offered.length < CONTAINERS_MAX;
  const chosen = preselect(offered, mayCreate);
  return [
    ...offered.map((one) => ({
      value: one.id,
      label: one.name,
      note: noteOf(one),
      isPreselected: one.id === chosen,
    })),
    ...(mayCreate ? [{ ...fresh, isPreselected: chosen === null }] : []),
  ];
}

function noteOf({ isOpen, isOwn, usedBy }: Candidate): string {
  const own = isOwn ? ["as before"] : [];
  const users = usedBy.length === 0 ? [] : [`used by ${usedBy.join(", ")}`];
  return [...own, isOpen ? "open in a tab" : "not open", ...users].join(", ");
}

/**
 * Id of the container that the person chose.
 *
 * @throws DiscoError `container_not_found` for one that is not the user's, `too_many_containers`
 */
export async function chosenContainer(
  context: AppContext,
  { user, container }: { readonly user: string; readonly container: string },
  client: string,
): Promise<string> {
  const containers = createContainers(createRedis(context.env));
  if (container === NEW) return (await containers.create(user, NEW_NAME)).id;
  if (container === BEST) {
    const offered = await offeredContainers(context, user, client);
    const best = preselect(offered, offered.length < CONTAINERS_MAX);
    return best ?? (await firstOrNew(context, user, offered)).id;
  }
  const record = await containers.get(container.slice(0, 128));
  if (record?.user === user) return record.id;
  throw new DiscoError("container_not_found", "The chosen container is gone: start again.");
}

/** Somebody who never had a container gets the default one, which the sandbox page opens. */
async function firstOrNew(
  context: AppContext,
  user: string,
  offered: readonly Offered[],
): Promise<ContainerRecord> {
  const containers = createContainers(createRedis(context.env));
  if (offered.length === 0) return containers.findOrCreateDefault(user);
  return containers.create(user, NEW_NAME);
}

async function offeredContainers(
  context: AppContext,
  user: string,
  client: string,
): Promise<Offered[]> {
  const redis = createRedis(context.env);
  const [records, sessions] = await Promise.all([
    createContainers(redis).list(user),
    createSessions(redis).list(user),
  ]);
  const usersOf = (id: string) => sessions.filter((session) => session.container === id);
  return Promise.all(
    records.map(async ({ id, name }) => ({
      id,
      name,
      isOpen: (await context.get("containers").link(id).attachment()).attached,
      isOwn: usersOf(id).some((session) => session.client.id === client),
      usedBy: usersOf(id)
        .filter((session) => session.client.id !== client)
        .map((session) => session.client.name),
    })),
  );
}
