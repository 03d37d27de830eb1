import {
  AuthorizationError,
  authorizationErrorRedirect,
  type AuthRequest,
} from "@cloudflare/workers-oauth-provider";
import type { Hono } from "hono";
import { DiscoError } from "#protocol/errors.ts";
import type { AppContext, AppEnv } from "../../http/app-env.ts";
import { servingConfig } from "../../http/configured.ts";
import { consentPage } from "../../http/pages/consent-page.ts";
import { addRoute } from "../../http/routes.ts";
import { consentHeaders } from "../../http/security-headers.ts";
import { createRedis } from "../../store/redis.ts";
import { signedIn } from "../browser-sign-in.ts";
import { goToGithub } from "../github/github-routes.ts";
import { requirePageOrigin } from "../page-origin.ts";
import { beginTransaction, takeTransaction } from "./browser-transactions.ts";
import { askingOf, CheckedRequest, PendingConsent } from "./consent.ts";
import { containerOptions } from "./container-choice.ts";
import { readForm, requireSingle } from "./form.ts";
import { giveAccess } from "./give-access.ts";
import { onPage } from "./person-pages.ts";
import { isRegisteredRedirect } from "./redirect-uri.ts";
import { scopeWords } from "./scope-words.ts";
import { grantableScopes, oauthServer, paths } from "./server.ts";

/** S256 of a verifier: 256 bits as base64url (RFC 7636, section 4.2). */
const CHALLENGE = /^[\w-]{43}$/;

/** Where a person says yes or no to a client, before anything else happens. */
export function addAuthorizeRoute(app: Hono<AppEnv>): void {
  addRoute(app, paths.authorize, {
    GET: (context) => onPage(context, ask),
    POST: (context) => onPage(context, answer),
  });
}

async function ask(context: AppContext): Promise<Response> {
  servingConfig(context);
  const { search, searchParams } = new URL(context.req.url);
  requireSingle(searchParams);
  const server = oauthServer(context);
  const clientId = searchParams.get("client_id") ?? "";
  const client = clientId === "" ? null : await server.helpers.lookupClient(clientId);
  const redirect = searchParams.get("redirect_uri") ?? "";
  if (client === null) throw new DiscoError("invalid_input", "No such client is registered here.");
  // An address that is not the client's gets nothing, not even an error.
  if (!isRegisteredRedirect(redirect, client.redirectUris)) {
    throw new DiscoError("invalid_input", "redirect_uri is not one that the client registered.");
  }
  let request: AuthRequest;
  try {
    const asked = new Request(server.issuer + paths.authorize + search);
    request = await server.helpers.parseAuthRequest(asked);
    requirePkce(request);
    requireScope(request);
  } catch (error) {
    return refuse(context, error);
  }
  return showConsent(context, CheckedRequest.parse(request), client.clientName ?? "");
}

/** The library asks it of public clients only; here it is asked of all (OAuth 2.1, section 7.5.2). */
function requirePkce(request: AuthRequest): void {
  if (request.codeChallengeMethod === "S256" && CHALLENGE.test(request.codeChallenge ?? "")) return;
  throw refusalOf(request, "invalid_request", "PKCE with S256 is required.");
}

function requireScope(request: AuthRequest): void {
  if (grantableScopes(request).length > 0) return;
  throw refusalOf(request, "invalid_scope", "None of the scopes exists here.");
}

function refusalOf(
  { redirectUri, state, issuer }: AuthRequest,
  code: "invalid_request" | "invalid_scope",
  description: string,
): AuthorizationError {
  const to = { redirectUri, state, ...(issuer !== undefined && { issuer }) };
  return new AuthorizationError(code, { description, ...to });
}

/** The client hears of it at its own address, with `iss` (RFC 9207, section 2). */
function refuse(context: AppContext, error: unknown): Response {
  if (!(error instanceof AuthorizationError)) throw error;
  if (error.redirectTo === undefined) throw new DiscoError("invalid_input", error.description);
  return context.redirect(error.redirectTo, 303);
}

async function showConsent(
  context: AppContext,
  request: CheckedRequest,
  clientName: string,
): Promise<Response> {
  const config = servingConfig(context);
  const person = await personOf(context);
  if (person === null && config.mode === "local") {
    const message = "Open the link that `npm start` printed in this browser, then load this again.";
    throw new DiscoError("unauthenticated", message);
  }
  const pending: PendingConsent = { request, clientName, user: person?.sub ?? null };
  const handle = await beginTransaction(context, createRedis(context.env), "consent", pending);
  const page = consentPage({
    ...askingOf(pending),
    abilities: grantableScopes(request).map((scope) => scopeWords[scope]),
    containers: await containerOptions(context, person?.sub ?? null, request.clientId),
    person: config.mode === "local" ? "" : (person?.name ?? null),
    handle,
  });
  const github = config.mode === "deployed" ? [config.github.origin] : [];
  const targets = [formTarget(request.redirectUri), ...github];
  return context.html(page, 200, consentHeaders(targets));
}

/** Policies know no addresses of IP version 6 (CSP3, section 2.3.1). */
function formTarget(redirectUri: string): string {
  const { origin, hostname } = new URL(redirectUri);
  return hostname.startsWith("[") ? "http:" : origin;
}

async function answer(context: AppContext): Promise<Response> {
  requirePageOrigin(context);
  const { fields } = await readForm(context.req.raw);
  const redis = createRedis(context.env);
  const handle = fields.get("handle") ?? "";
  const pending = await takeTransaction(context, redis, "consent", handle, PendingConsent);
  if (fields.get("answer") !== "allow") {
    const { request } = pending;
    const description = "The person said no.";
    return context.redirect(authorizationErrorRedirect(request, "access_denied", description), 303);
  }
  const container = fields.get("container") ?? "";
  const person = await personOf(context);
  if ((person?.sub ?? null) !== pending.user) {
    throw new DiscoError("unauthenticated", "Somebody else is signed in by now: start again.");
  }
  if (person === null) return goToGithub(context, { type: "consent", pending, container });
  return giveAccess(context, pending, { user: person.sub, container });
}

async function personOf(context: AppContext): Promise<{ sub: string; name: string } | null> {
  try {
    return await signedIn(context);
  } catch (error) {
    if (error instanceof DiscoError && error.code === "unauthenticated") return null;
    throw error;
  }
}
