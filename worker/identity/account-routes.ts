import type { Hono } from "hono";
import * as z from "zod";
import { DiscoError } from "#protocol/errors.ts";
import { scopes } from "#protocol/operation.ts";
import type { AppContext, AppEnv } from "../http/app-env.ts";
import { addRoute } from "../http/routes.ts";
import { createApiKeys } from "../store/api-keys.ts";
import { createRedis } from "../store/redis.ts";
import { createSessions } from "../store/sessions.ts";
import { describeAccount } from "./account.ts";
import { forgetAdmissions } from "./admission.ts";
import { endSignIn, signedIn } from "./browser-sign-in.ts";
import { deleteData } from "./delete-data.ts";
import { chosenContainer } from "./oauth/container-choice.ts";
import { fromPage, readBody } from "./page-request.ts";
import { endClient, signOutEverywhere } from "./revocation.ts";

/** Id of one of the person's containers, or `new`. */
const choice = z.string().min(1).max(128);

const BindBody = z.strictObject({ container: choice });
const ApiKeyBody = z.strictObject({
  name: z.string().trim().min(1).max(100),
  scopes: z.array(z.enum(scopes)).min(1),
  container: choice,
});
/** Nothing but a page that was told so by its person sends it. */
const DeleteBody = z.strictObject({ confirm: z.literal("delete my data") });
const NoBody = z.strictObject({});

/**
 * What a person says of the clients: the sandbox page's own routes, so that no client can give itself
 * a key or another container.
 */
export function addAccountRoutes(app: Hono<AppEnv>): void {
  addRoute(app, "/auth/account", { GET: fromPage(account) });
  addRoute(app, "/auth/sessions/:session", { PUT: fromPage(bind), DELETE: fromPage(end) });
  addRoute(app, "/auth/api-keys", { POST: fromPage(createApiKey) });
  addRoute(app, "/auth/api-keys/:key", { DELETE: fromPage(revokeApiKey) });
  addRoute(app, "/auth/sign-out-everywhere", { POST: fromPage(everywhere) });
  addRoute(app, "/auth/delete-my-data", { POST: fromPage(deleteMyData) });
}

async function account(context: AppContext): Promise<Response> {
  return context.json(await describeAccount(context, await signedIn(context)));
}

/** Hands a container from one client to another: what the client asks for from now on goes there. */
async function bind(context: AppContext): Promise<Response> {
  const { sub: user } = await signedIn(context);
  const { container } = await readBody(context, BindBody);
  const sessions = createSessions(createRedis(context.env));
  const session = await sessions.get(user, context.req.param("session") ?? "");
  if (session === undefined) throw noSession();
  const chosen = await chosenContainer(context, { user, container }, session.client);
  if (!(await sessions.bind(user, session.id, chosen))) throw noSession();
  forgetAdmissions(context.env);
  return account(context);
}

async function end(context: AppContext): Promise<Response> {
  const { sub: user } = await signedIn(context);
  await endClient(context, user, context.req.param("session") ?? "");
  return account(context);
}

/** The answer is the only place where the key is ever shown. */
async function createApiKey(context: AppContext): Promise<Response> {
  const { sub: user } = await signedIn(context);
  const { name, scopes: allowed, container: named } = await readBody(context, ApiKeyBody);
  const redis = createRedis(context.env);
  const keys = createApiKeys(redis);
  const { id, text } = keys.make();
  const client = { id, name };
  const container = await chosenContainer(context, { user, container: named }, client);
  const sessions = createSessions(redis);
  const { id: session } = await sessions.open({ user, client, type: "api", container });
  try {
    await keys.keep(text, { id, user, name, scopes: [...new Set(allowed)], session });
  } catch (error) {
    await sessions.end(user, session);
    throw error;
  }
  return context.json({
    key: text,
    account: await describeAccount(context, await signedIn(context)),
  });
}

/** The key's session ends with it, and with that the tokens that it was traded for. */
async function revokeApiKey(context: AppContext): Promise<Response> {
  const { sub: user } = await signedIn(context);
  const keys = createApiKeys(createRedis(context.env));
  const key = await keys.remove(user, context.req.param("key") ?? "");
  if (key !== undefined) await endClient(context, user, key.session);
  return account(context);
}

async function everywhere(context: AppContext): Promise<Response> {
  const { sub: user } = await signedIn(context);
  await readBody(context, NoBody);
  await signOutEverywhere(context, user);
  await endSignIn(context);
  return context.body(null, 204);
}

async function deleteMyData(context: AppContext): Promise<Response> {
  const { sub: user } = await signedIn(context);
  await readBody(context, DeleteBody);
  await deleteData(context, user);
  await endSignIn(context);
  return context.body(null, 204);
}

function noSession(): DiscoError {
  return new DiscoError("session_not_found", "This client has been signed out.");
}
