import { DiscoError } from "#protocol/errors.ts";
import { CONTAINER_NAME_MAX_CHARS, CONTAINERS_MAX } from "#protocol/limits.ts";
import type { AppContext } from "../../http/app-env.ts";
import type { ContainerOption } from "../../http/pages/consent-page.ts";
import { type ContainerRecord, createContainers } from "../../store/containers.ts";
import { createRedis } from "../../store/redis.ts";
import { createSessions } from "../../store/sessions.ts";
import { type Candidate, preselect } from "../preselect.ts";

/** What the form sends for a container that is made then, and for whichever is best then. */
const NEW = "new";
const BEST = "best";

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
 * Id of the container that the person chose. A new one is called as the client, until the person calls
 * it otherwise.
 *
 * @throws DiscoError `container_not_found` for one that is not the user's, `too_many_containers`
 */
export async function chosenContainer(
  context: AppContext,
  { user, container }: { readonly user: string; readonly container: string },
  client: { readonly id: string; readonly name: string },
): Promise<string> {
  const containers = createContainers(createRedis(context.env));
  const create = (): Promise<ContainerRecord> =>
    containers.create(user, client.name.slice(0, CONTAINER_NAME_MAX_CHARS));
  if (container === NEW) return (await create()).id;
  if (container === BEST) {
    const offered = await offeredContainers(context, user, client.id);
    const best = preselect(offered, offered.length < CONTAINERS_MAX);
    if (best !== null) return best;
    // Somebody who never had a container gets the default one, which the sandbox page opens.
    return (await (offered.length === 0 ? containers.findOrCreateDefault(user) : create())).id;
  }
  const record = await containers.get(container.slice(0, 128));
  if (record?.user === user) return record.id;
  throw new DiscoError("container_not_found", "The chosen container is gone: start again.");
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
