import { deleteCookie, getCookie, setCookie } from "hono/cookie";
import { DiscoError } from "#protocol/errors.ts";
import type { AppContext } from "../http/app-env.ts";
import { servingConfig } from "../http/configured.ts";
import { ExpiringMap } from "../store/expiring-map.ts";
import { createRedis } from "../store/redis.ts";
import { createSignIns, type SignIns } from "../store/sign-ins.ts";
import { createUsers } from "../store/users.ts";
import { ADMITTED_MS } from "./admission.ts";
import { realmOf } from "./realm.ts";
import { BROWSER_TTL_S } from "./token-kinds.ts";
import { mintToken, type TokenClaims, verifyToken } from "./tokens.ts";

/** The prefix makes browsers refuse it from any other host or path (RFC 6265bis, section 4.1.3.2). */
export const COOKIE = "__Host-disco";

const BELIEVED_MAX = 2_000;

/** Sign-in → the user's `not_before`, as long as it is believed. */
const believed = new WeakMap<object, ExpiringMap<string, number>>();

type SignIn = TokenClaims<"browser">;

const signInsOf = (env: Env): SignIns => createSignIns(createRedis(env), BROWSER_TTL_S);

/**
 * Signs the browser in. The sign-in is a new one each time, so that nobody can have fixed it before
 * (OWASP, session fixation).
 */
export async function setSignIn(
  context: AppContext,
  user: { readonly id: string; readonly name: string },
): Promise<void> {
  const { id: sub, name } = user;
  const sid = await signInsOf(context.env).open(sub);
  const realm = realmOf(servingConfig(context));
  setCookie(context, COOKIE, await mintToken(realm, "browser", { sub, name, sid }), {
    httpOnly: true,
    secure: true,
    sameSite: "Lax",
    path: "/",
    maxAge: BROWSER_TTL_S,
  });
}

/** Ends the browser's sign-in, if it has one; a copy of the cookie is worthless then. */
export async function endSignIn(context: AppContext): Promise<SignIn | undefined> {
  const signIn = await signedIn(context).catch((error: unknown) => {
    if (error instanceof DiscoError && error.code === "unauthenticated") return undefined;
    throw error;
  });
  if (signIn !== undefined) {
    await signInsOf(context.env).end(signIn.sub, signIn.sid);
    forgetSignIns(context.env);
  }
  deleteCookie(context, COOKIE, { path: "/", secure: true });
  return signIn;
}

/** @throws DiscoError `unauthenticated`, `store_unavailable` */
export async function signedIn(context: AppContext): Promise<SignIn> {
  const config = servingConfig(context);
  const token = getCookie(context, COOKIE);
  if (token === undefined) {
    throw new DiscoError("unauthenticated", "This browser is not signed in.");
  }
  const claims = await verifyToken(realmOf(config), "browser", token);
  await requireSignIn(context.env, claims, config.mode === "local");
  return claims;
}

/** What names a sign-in: its cookie, and what was given to the page that showed it. */
type Claimed = Pick<SignIn, "sub" | "sid" | "issuedAt">;

/**
 * Whether a sign-in still counts; what the store said is believed for a moment.
 *
 * @throws DiscoError `unauthenticated`, `store_unavailable`
 */
export async function requireSignIn(
  env: Env,
  { sub, sid, issuedAt }: Claimed,
  local: boolean,
): Promise<void> {
  const known = believed.get(env) ?? new ExpiringMap<string, number>(ADMITTED_MS, BELIEVED_MAX);
  believed.set(env, known);
  const key = `${sub} ${sid}`;
  const notBefore = known.get(key) ?? known.set(key, await lookUp(env, sub, sid, local));
  if (issuedAt <= notBefore) throw ended();
}

/**
 * Whether the sign-in that something came from, as a ticket, still counts; the store is asked.
 *
 * @throws DiscoError `unauthenticated`, `store_unavailable`
 */
export async function requireSignInNow(
  env: Env,
  { sub, sid, issuedAt }: Claimed,
  local: boolean,
): Promise<void> {
  if (issuedAt <= (await lookUp(env, sub, sid, local))) throw ended();
}

/** What ends in this isolate has ended here at once. */
export function forgetSignIns(env: object): void {
  believed.delete(env);
}

/** @returns the user's `not_before` */
async function lookUp(env: Env, user: string, id: string, local: boolean): Promise<number> {
  const redis = createRedis(env);
  const [standing, isOpen] = await Promise.all([
    createUsers(redis).standing(user),
    signInsOf(env).isOpen(user, id),
  ]);
  if (!isOpen || (!standing.exists && !local)) throw ended();
  return standing.notBefore;
}

function ended(): DiscoError {
  return new DiscoError("unauthenticated", "The browser's sign-in has ended.");
}
