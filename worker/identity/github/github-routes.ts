import type { Hono } from "hono";
import * as z from "zod";
import { DiscoError } from "#protocol/errors.ts";
import type { DeployedConfig } from "../../config.ts";
import type { AppContext, AppEnv } from "../../http/app-env.ts";
import { servingConfig } from "../../http/configured.ts";
import { addRoute } from "../../http/routes.ts";
import { createRedis } from "../../store/redis.ts";
import { createUsers, type User } from "../../store/users.ts";
import { setSignIn } from "../browser-sign-in.ts";
import { beginTransaction, takeTransaction } from "../oauth/browser-transactions.ts";
import { PendingConsent } from "../oauth/consent.ts";
import { giveAccess } from "../oauth/give-access.ts";
import { onPage } from "../oauth/person-pages.ts";
import { randomSecret } from "../oauth/secrets.ts";
import { finishGithubSignIn, githubUrl } from "./github-client.ts";
import { returnPath } from "./return-path.ts";

const START_PATH = "/api/v1/auth/github";
const CALLBACK_PATH = "/api/v1/auth/github/callback";

/** To learn who somebody is, GitHub wants no scope. */
const SIGN_IN_SCOPE = "";

/** What a browser goes to GitHub for. */
const Purpose = z.discriminatedUnion("type", [
  z.object({ type: z.literal("sign-in"), returnTo: z.string() }),
  /** A person said yes to a client before anybody knew who the person is. */
  z.object({ type: z.literal("consent"), pending: PendingConsent, container: z.string() }),
]);
type Purpose = z.infer<typeof Purpose>;

const Trip = z.object({ purpose: Purpose, verifier: z.string() });

/** Sign-in with GitHub, of the browser or on the way of a consent. */
export function addGithubRoutes(app: Hono<AppEnv>): void {
  addRoute(app, START_PATH, { GET: (context) => onPage(context, start) });
  addRoute(app, CALLBACK_PATH, { GET: (context) => onPage(context, callback) });
}

async function start(context: AppContext): Promise<Response> {
  const returnTo = returnPath(context.req.query("return_to"), context.get("origins").page);
  return goToGithub(context, { type: "sign-in", returnTo });
}

/** Sends the browser to GitHub; what it goes for waits here under the `state`. */
export async function goToGithub(context: AppContext, purpose: Purpose): Promise<Response> {
  const { github } = deployment(context);
  const verifier = randomSecret();
  const redis = createRedis(context.env);
  const state = await beginTransaction(context, redis, "github", { purpose, verifier });
  const trip = { scope: SIGN_IN_SCOPE, redirectUri: redirectUri(context), state, verifier };
  return context.redirect(await githubUrl(github, trip), 303);
}

/**
 * The browser is back. Only the one that left gets any further: its cookie goes with the state, which
 * is used up here (RFC 9700, section 4.7), so nobody is signed in as somebody else by a link.
 */
async function callback(context: AppContext): Promise<Response> {
  const { github } = deployment(context);
  const state = context.req.query("state") ?? "";
  const redis = createRedis(context.env);
  const { purpose, verifier } = await takeTransaction(context, redis, "github", state, Trip);
  const trip = { scope: SIGN_IN_SCOPE, redirectUri: redirectUri(context), state, verifier };
  const { account } = await finishGithubSignIn(github, new URL(context.req.url), trip);
  const user = await createUsers(redis).findOrCreate({ provider: "github", ...account });
  await setSignIn(context, user);
  return goOn(context, purpose, user);
}

function goOn(context: AppContext, purpose: Purpose, user: User): Promise<Response> | Response {
  switch (purpose.type) {
    case "sign-in":
      return context.redirect(purpose.returnTo, 303);
    case "consent":
      return giveAccess(context, purpose.pending, { user: user.id, container: purpose.container });
  }
}

function redirectUri(context: AppContext): string {
  return context.get("origins").page + CALLBACK_PATH;
}

/** @throws DiscoError `route_not_found` on a person's own machine, which knows its one user */
function deployment(context: AppContext): DeployedConfig {
  const config = servingConfig(context);
  if (config.mode === "deployed") return config;
  throw new DiscoError("route_not_found", "On your own machine, the link of `npm start` signs in.");
}
