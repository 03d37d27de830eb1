import type { Hono } from "hono";
import { DiscoError } from "#protocol/errors.ts";
import type { IdentityRoute } from "#protocol/identity-route.ts";
import {
  type IdentityRouteId,
  identityRoutes,
  type RouteBody,
  type RouteOutput,
} from "#protocol/identity-routes.ts";
import { authenticate } from "../identity/authenticate.ts";
import { authHandlers } from "../identity/auth-handlers.ts";
import { readBody } from "../identity/page-request.ts";
import type { Principal } from "../identity/principal.ts";
import { githubHandlers } from "../identity/github/github-handlers.ts";
import { sessionHandlers } from "../identity/session-handlers.ts";
import type { AppContext, AppEnv } from "./app-env.ts";
import { servingConfig } from "./configured.ts";
import { addRoute } from "./routes.ts";

/** What a route that needs a token gets, and the body where there is one. */
export interface Authenticated<Body = undefined> {
  readonly context: AppContext;
  readonly principal: Principal;
  readonly body: Body;
}

export type Anonymous<Body = undefined> = Omit<Authenticated<Body>, "principal">;

type Needs<Id extends IdentityRouteId> = (typeof identityRoutes)[Id]["needs"];

/** One handler for each route; leaving one out is a type error. */
export type IdentityHandlers<Ids extends IdentityRouteId> = {
  readonly [Id in Ids]: (
    given: null extends Needs<Id> ? Anonymous<RouteBody<Id>> : Authenticated<RouteBody<Id>>,
  ) => Promise<RouteOutput<Id>>;
};

const handlers: IdentityHandlers<IdentityRouteId> = {
  ...authHandlers,
  ...sessionHandlers,
  ...githubHandlers,
};

/** The routes of protocol/identity-routes.ts. */
export function addIdentityRoutes(app: Hono<AppEnv>): void {
  for (const [id, route] of Object.entries(identityRoutes)) {
    // The types tie each route to its handler; an id known only at run time cannot.
    const handler = handlers[id as IdentityRouteId] as (
      given: object,
    ) => Promise<object | undefined>;
    addRoute(app, route.path.replace("{session}", ":session"), {
      [route.method]: (context: AppContext) => answer(route, handler, context),
    });
  }
}

async function answer(
  { needs, body: schema, output }: IdentityRoute,
  handler: (given: object) => Promise<object | undefined>,
  context: AppContext,
): Promise<Response> {
  servingConfig(context);
  const principal = needs === null ? undefined : await authenticate(context);
  if (needs !== null && needs !== "any" && !principal?.scopes.includes(needs)) {
    const details = { scope: needs };
    throw new DiscoError("insufficient_scope", `This needs the scope ${needs}.`, { details });
  }
  const body = schema === null ? undefined : await readBody(context, schema);
  const answered = await handler({ context, principal, body });
  // Tokens are in some of them (RFC 6749, section 5.1).
  const headers = { "Cache-Control": "no-store" };
  if (output === null) return context.body(null, 204, headers);
  return context.json(output.parse(answered), 200, headers);
}
