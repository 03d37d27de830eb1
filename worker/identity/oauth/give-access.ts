import type { AppContext } from "../../http/app-env.ts";
import type { InstanceType } from "#protocol/sessions.ts";
import { createRedis } from "../../store/redis.ts";
import { createSessions } from "../../store/sessions.ts";
import { askingOf, type PendingConsent } from "./consent.ts";
import { chosenContainer } from "./container-choice.ts";
import { keepClient } from "./registration.ts";
import { type GrantProps, grantableScopes, oauthServer } from "./server.ts";

/** The person's yes. */
export interface Yes {
  /** Id of the user. */
  readonly user: string;
  /** As the form sent it; not yet checked. */
  readonly container: string;
}

/** Binds the client to the chosen container, and sends the browser back to it with a code. */
export async function giveAccess(
  context: AppContext,
  pending: PendingConsent,
  yes: Yes,
): Promise<Response> {
  const { request } = pending;
  const { claimedName: name, isLoopback } = askingOf(pending);
  const redis = createRedis(context.env);
  const client = { id: request.clientId, name };
  const container = await chosenContainer(context, yes, client);
  const type: InstanceType = isLoopback ? "cli" : "web";
  const { user } = yes;
  const { id: session } = await createSessions(redis).open({ user, client, type, container });
  const props: GrantProps = { user, session, client_name: name };
  const { redirectTo } = await oauthServer(context).helpers.completeAuthorization({
    request,
    userId: user,
    scope: grantableScopes(request),
    metadata: { client_name: name, session },
    props,
  });
  await keepClient(context, client.id);
  context.get("logFields")["user"] = user;
  return context.redirect(redirectTo, 303);
}
