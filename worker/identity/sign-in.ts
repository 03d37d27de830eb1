import type { Hono } from "hono";
import { deleteCookie, setCookie } from "hono/cookie";
import * as z from "zod";
import { DiscoError } from "#protocol/errors.ts";
import { TICKET_TTL_S } from "#protocol/limits.ts";
import type { Identity } from "#protocol/page-data.ts";
import type { AppContext, AppEnv } from "../http/app-env.ts";
import { servingConfig } from "../http/configured.ts";
import { websocketUrl } from "../http/origins.ts";
import { addRoute } from "../http/routes.ts";
import { createRedis } from "../store/redis.ts";
import { createUsedTokens } from "../store/used-tokens.ts";
import { COOKIE, fromPage, readBody, signedIn } from "./page-request.ts";
import { CLAIM_TTL_S, mintToken, verifyToken } from "./tokens.ts";

/** Seconds; browsers cut anything above 400 days. */
const COOKIE_MAX_AGE_S = 30 * 24 * 3_600;

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
  const { secret } = servingConfig(context);
  const { claim } = await readBody(context, SignInBody);
  const { sub, name, jti } = await verifyToken(secret, "claim", claim);
  const identity = await identityOf(context, { sub, name });
  const unused = await createUsedTokens(createRedis(context.env)).redeem("claim", jti, CLAIM_TTL_S);
  if (!unused) throw new DiscoError("unauthenticated", "The link was used already.");
  setCookie(context, COOKIE, await mintToken(secret, "browser", { sub, name }), {
    httpOnly: true,
    secure: true,
    sameSite: "Lax",
    path: "/",
    maxAge: COOKIE_MAX_AGE_S,
  });
  return context.json(identity);
}

function signOut(context: AppContext): Response {
  deleteCookie(context, COOKIE, { path: "/", secure: true });
  return context.body(null, 204);
}

async function me(context: AppContext): Promise<Response> {
  const claims = await signedIn(context);
  return context.json(await identityOf(context, claims, context.req.query("container")));
}

async function issueTicket(context: AppContext): Promise<Response> {
  const { secret } = servingConfig(context);
  const { sub } = await signedIn(context);
  const named = (await readBody(context, TicketBody)).container;
  const container = await context.get("containers").resolve(sub, named);
  const ticket = await mintToken(secret, "ticket", {
    sub,
    container: container.id,
    jti: crypto.randomUUID(),
  });
  const url = websocketUrl(context.get("origins")).replace("{container}", container.id);
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
