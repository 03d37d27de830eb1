import type { Hono } from "hono";
import * as z from "zod";
import { DiscoError } from "#protocol/errors.ts";
import type { AppContext, AppEnv } from "../../http/app-env.ts";
import { noticePage } from "../../http/pages/consent-page.ts";
import { addRoute } from "../../http/routes.ts";
import { consentHeaders } from "../../http/security-headers.ts";
import { createRedis } from "../../store/redis.ts";
import { createUsers } from "../../store/users.ts";
import { setSignIn, signedIn } from "../browser-sign-in.ts";
import { beginTransaction, takeTransaction } from "../oauth/browser-transactions.ts";
import { PendingConsent } from "../oauth/consent.ts";
import { giveAccess } from "../oauth/give-access.ts";
import { onPage } from "../oauth/person-pages.ts";
import { randomSecret } from "../oauth/secrets.ts";
import {
  finishGithubSignIn,
  type GithubSignIn,
  type GithubTrip,
  githubUrl,
} from "./github-client.ts";
import { deploymentOf, keepRepositoryAccess } from "./repository-access.ts";
import { returnPath } from "./return-path.ts";

const START_PATH = "/api/v1/auth/github";
const CALLBACK_PATH = "/api/v1/auth/github/callback";

/** What a browser goes to GitHub for. */
const Purpose = z.discriminatedUnion("type", [
  z.object({ type: z.literal("sign-in"), returnTo: z.string() }),
  /** A person said yes to a client before anybody knew who the person is. */
  z.object({ type: z.literal("consent"), pending: PendingConsent, container: z.string() }),
  /** A person who is signed in lends us repositories. */
  z.object({ type: z.literal("repositories"), user: z.string() }),
]);
type Purpose = z.infer<typeof Purpose>;

/** Scopes of GitHub's: to learn who somebody is, it wants none. */
const scopeOf: Readonly<Record<Purpose["type"], string>> = {
  "sign-in": "",
  consent: "",
  repositories: "repo",
};

const Departure = z.object({ purpose: Purpose, verifier: z.string() });
type Departure = z.infer<typeof Departure>;

/** Trips of the person's browser to GitHub and back. */
export function addGithubRoutes(app: Hono<AppEnv>): void {
  addRoute(app, START_PATH, { GET: (context) => onPage(context, start) });
  addRoute(app, CALLBACK_PATH, { GET: (context) => onPage(context, callback) });
}

async function start(context: AppContext): Promise<Response> {
  const returnTo = returnPath(context.req.query("return_to"), context.get("origins").page);
  return goToGithub(context, { type: "sign-in", returnTo });
}

/** Sends the browser to GitHub. */
export async function goToGithub(context: AppContext, purpose: Purpose): Promise<Response> {
  return context.redirect(await beginTrip(context, purpose), 303);
}

/** @returns where the browser has to go; what it goes for waits here under the `state` */
export async function beginTrip(context: AppContext, purpose: Purpose): Promise<string> {
  const { github } = deploymentOf(context);
  const departure: Departure = { purpose, verifier: randomSecret() };
  const state = await beginTransaction(context, createRedis(context.env), "github", departure);
  return githubUrl(github, tripOf(context, state, departure));
}

function tripOf(context: AppContext, state: string, departure: Departure): GithubTrip {
  const { purpose, verifier } = departure;
  const redirectUri = context.get("origins").page + CALLBACK_PATH;
  return { scope: scopeOf[purpose.type], redirectUri, state, verifier };
}

/**
 * The browser is back. Only the one that left gets any further: its cookie goes with the state, which
 * is used up here (RFC 9700, section 4.7), so nobody is signed in as somebody else by a link.
 */
async function callback(context: AppContext): Promise<Response> {
  const { github } = deploymentOf(context);
  const state = context.req.query("state") ?? "";
  const redis = createRedis(context.env);
  const departure = await takeTransaction(context, redis, "github", state, Departure);
  const trip = tripOf(context, state, departure);
  const arrived = await finishGithubSignIn(github, new URL(context.req.url), trip);
  const { purpose } = departure;
  if (purpose.type === "repositories") return keepRepositories(context, purpose.user, arrived);
  const account = { provider: "github", ...arrived.account } as const;
  const user = await createUsers(redis).findOrCreate(account);
  await setSignIn(context, user);
  if (purpose.type === "sign-in") return context.redirect(purpose.returnTo, 303);
  return giveAccess(context, purpose.pending, { user: user.id, container: purpose.container });
}

/** From the person who asked, and from the account that this person is known by. */
async function keepRepositories(
  context: AppContext,
  user: string,
  { account, token }: GithubSignIn,
): Promise<Response> {
  const { sub } = await signedIn(context);
  const known = await createUsers(createRedis(context.env)).get(sub);
  if (sub !== user || known?.account !== `github:${account.id}`) {
    const message = `At GitHub you are ${account.login}, which is not who is signed in here.`;
    throw new DiscoError("network_refused", message);
  }
  await keepRepositoryAccess(context, user, token);
  // Not the sandbox page: it is open in another tab, which it would take over.
  const words = "You can close this page and go on in the sandbox.";
  return context.html(noticePage("GitHub is connected", [words]), 200, consentHeaders([]));
}
