import type { TokenSummary } from "@cloudflare/workers-oauth-provider";
import { DiscoError } from "#protocol/errors.ts";
import { type Scope, scopes } from "#protocol/operation.ts";
import type { AppContext } from "../../http/app-env.ts";
import { ExpiringMap } from "../../store/expiring-map.ts";
import type { Credential } from "../credential.ts";
import { grantOf } from "./grant-end.ts";
import { fingerprint } from "./secrets.ts";
import { type GrantProps, oauthServer, resourcesOf } from "./server.ts";

/** Milliseconds that a token is believed without asking the store: a revocation counts after them. */
const BELIEVED_MS = 3_000;
const BELIEVED_MAX = 2_000;

/** An access token that the store knows. */
interface Believed {
  readonly credential: Credential;
  /** The resource that it was made for. */
  readonly audience: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

const believedTokens = new WeakMap<object, ExpiringMap<string, Believed>>();

/** Whether a bearer has the form of these tokens: `user:grant:secret`. */
export function isOAuthToken(token: string): boolean {
  return grantOf(token) !== null;
}

/**
 * What an access token says that was made for this origin (RFC 8707: a token for another resource is
 * worth nothing here).
 *
 * @throws DiscoError `unauthenticated`, `store_unavailable`
 */
export async function verifyOAuthToken(context: AppContext, token: string): Promise<Credential> {
  return (await readAccessToken(context, token)).credential;
}

/** As `verifyOAuthToken`, with what else the token says. */
export async function readAccessToken(context: AppContext, token: string): Promise<Believed> {
  const believed = believedTokens.get(context.env) ?? new ExpiringMap(BELIEVED_MS, BELIEVED_MAX);
  believedTokens.set(context.env, believed);
  const { app } = context.get("origins");
  const key = await fingerprint(`${app}\n${token}`);
  const known = believed.get(key);
  if (known !== undefined && known.expiresAt > Date.now()) return known;
  const summary = await oauthServer(context).helpers.unwrapToken<GrantProps>(token);
  const audience = resourcesOf(app).find((one) => [summary?.audience].flat().includes(one));
  if (summary === null || audience === undefined) {
    throw new DiscoError("unauthenticated", "The token is not valid here.");
  }
  const expiresAt = summary.expiresAt * 1_000;
  return believed.set(key, { credential: credentialOf(summary), audience, expiresAt });
}

/** What was revoked in this isolate counts here at once. */
export function forgetOAuthTokens(env: object): void {
  believedTokens.delete(env);
}

function credentialOf({ userId, scope, grant, createdAt }: TokenSummary<GrantProps>): Credential {
  return {
    user: userId,
    clientId: grant.clientId,
    clientName: grant.props.client_name,
    scopes: scope.filter((one): one is Scope => scopes.includes(one as Scope)),
    session: grant.props.session,
    issuedAt: createdAt,
  };
}
