import * as z from "zod";
import type { AppContext } from "../../http/app-env.ts";
import { createRedis } from "../../store/redis.ts";
import { forgetOAuthTokens } from "./access-tokens.ts";
import { endGrant } from "./grant-end.ts";
import { oauthServer } from "./server.ts";

/** What a grant's record says beside the library's own fields; written at consent. */
export const GrantMetadata = z.object({
  /** The client's own claim; untrusted text. */
  client_name: z.string(),
  session: z.string(),
});

/** What a person gave to a client. */
export interface OAuthGrant {
  readonly id: string;
  readonly client: { readonly id: string; readonly name: string };
  /** Where its tokens went, which is what the client cannot lie about. */
  readonly redirectHost: string;
  readonly scopes: readonly string[];
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  /** Id of the session that it was bound to. */
  readonly session: string;
}

/** In the order in which they were given. Throws DiscoError `store_unavailable`, as the others here. */
export async function listGrants(context: AppContext, user: string): Promise<OAuthGrant[]> {
  const { items } = await oauthServer(context).helpers.listUserGrants(user);
  return items
    .map(({ id, clientId, scope, metadata, createdAt, redirectUri }) => {
      const { client_name: name, session } = GrantMetadata.parse(metadata);
      const redirectHost = new URL(redirectUri ?? "about:blank").host;
      const client = { id: clientId, name };
      return { id, client, redirectHost, scopes: scope, createdAt: createdAt * 1_000, session };
    })
    .toSorted((one, other) => one.createdAt - other.createdAt);
}

/** Ends one grant with all its tokens; without effect when there is none. */
export async function revokeGrant(context: AppContext, user: string, id: string): Promise<void> {
  await endGrant(oauthServer(context), createRedis(context.env), { user, grant: id });
  forgetOAuthTokens(context.env);
}

/** Ends what one client was given, or all clients. */
export async function revokeGrants(
  context: AppContext,
  user: string,
  client?: string,
): Promise<void> {
  const grants = await listGrants(context, user);
  const ending = grants.filter((grant) => client === undefined || grant.client.id === client);
  await Promise.all(ending.map(({ id }) => revokeGrant(context, user, id)));
}
