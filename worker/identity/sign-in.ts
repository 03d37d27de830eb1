import type { Hono } from "hono";
import * as z from "zod";
import { DiscoError } from "#protocol/errors.ts";
import { TICKET_TTL_S } from "#protocol/limits.ts";
import type { Identity } from "#protocol/page-data.ts";
import type { AppContext, AppEnv } from "../http/app-env.ts";
import { servingConfig } from "../http/configured.ts";
import { websocketUrl } from "../http/origins.ts";
import { addRoute } from "../http/routes.ts";
import { createRedis } from "../store/redis.ts";
import { createUsers } from "../store/users.ts";
import { createUsedTokens } from "../store/used-tokens.ts";
import { endSignIn, setSignIn, signedIn } from "./browser-sign-in.ts";
import { fromPage, readBody } from "./page-request.ts";
import { closeTabs } from "./revocation.ts";
import { realmOf } from "./realm.ts";
import { CLAIM_TTL_S } from "./token-kinds.ts";
import { mintToken, verifyToken } from "./tokens.ts";

const SignInBody = z.strictObject({ claim: z.string().min(1).max(4_096) });
/** Ids as the page finds them in its browser; what they are is not known here. */
const DeletedBody = z.strictObject({
  containers: z.array(z.string().min(1).max(128)).max(100),
});
const TicketBody = z.strictObject({ container: z.string().min(1).max(128) });

/** The sandbox page's own routes: cookie, exact origin, never for clients. */
export function addSignInRoutes(app: Hono<AppEnv>): void {
  addRoute(app, "/auth/sign-in", { POST: fromPage(signIn) });
  addRoute(app, "/auth/sign-out", { POST: fromPage(signOut) });
  addRoute(app, "/auth/me", { GET: fromPage(me) });
  addRoute(app, "/auth/tickets", { POST: fromPage(issueTicket) });
  addRoute(app, "/auth/deleted-containers", { POST: fromPage(deletedContainers) });
}

/**
 * Trades the claim of a sandbox link for the browser's sign-in, once: whoever finds the link later
 * gets nothing. It is used up last, so that a store that fails before does not cost the link.
 */
async function signIn(context: AppContext): Promise<Response> {
  const config = servingConfig(context);
  const { claim } = await readBody(context, SignInBody);
  if (config.mode !== "local") {
    throw new DiscoError("unauthenticated", "Links sign in on the machine that printed them only.");
  }
  const { sub, name, jti, issuedAt } = await verifyToken(realmOf(config), "claim", claim);
  const redis = createRedis(context.env);
  if (issuedAt <= (await createUsers(redis).standing(sub)).notBefore) {
    throw new DiscoError("unauthenticated", "The link is older than a sign-out everywhere.");
  }
  const identity = await identityOf(context, { sub, name });
  const unused = await createUsedTokens(redis).redeem("claim", jti, CLAIM_TTL_S);
  if (!unused) throw new DiscoError("unauthenticated", "The link was used already.");
  await setSignIn(context, { id: sub, name });
  return context.json(identity);
}

async function signOut(context: AppContext): Promise<Response> {
  const ended = await endSignIn(context);
  if (ended !== undefined) await closeTabs(context, ended.sub, ended.sid);
  return context.body(null, 204);
}

async function me(context: AppContext): Promise<Response> {
  const claims = await signedIn(context);
  return context.json(await identityOf(context, claims, context.req.query("container")));
}

async function issueTicket(context: AppContext): Promise<Response> {
  const realm = realmOf(servingConfig(context));
  const { sub, sid } = await signedIn(context);
  const named = (await readBody(context, TicketBody)).container;
  const { id: container } = await context.get("containers").resolve(sub, named);
  const jti = crypto.randomUUID();
  const ticket = await mintToken(realm, "ticket", { sub, sid, container, role: "tab", jti });
  const url = websocketUrl(context.get("origins")).replace("{container}", container);
  return context.json({ ticket, expires_in_s: TICKET_TTL_S, websocket_url: url });
}

/** Which of the containers that this browser keeps files of were deleted by who is signed in. */
async function deletedContainers(context: AppContext): Promise<Response> {
  const { sub } = await signedIn(context);
  const { containers } = await readBody(context, DeletedBody);
  const deleted = await context.get("containers").of(sub).deletedAmong(containers);
  return context.json({ deleted });
}

/**
 * @param named id of the container; default: the person's own
 * @throws DiscoError when the store does not answer, or when the container is not theirs
 */
export async function identityOf(
  context: AppContext,
  { sub, name }: { sub: string; name: string },
  named?: string,
): Promise<Identity> {
  const container = await context.get("containers").resolve(sub, named);
  return {
    user: { id: sub, name },
    container: { id: container.id, name: container.name },
  };
}
