import type { Hono } from "hono";
import * as z from "zod";
import { type HostRule, parseRule, ruleText } from "#protocol/egress-rule.ts";
import { DiscoError } from "#protocol/errors.ts";
import type { AppContext, AppEnv } from "../http/app-env.ts";
import { servingConfig } from "../http/configured.ts";
import { addRoute } from "../http/routes.ts";
import { signedIn } from "../identity/browser-sign-in.ts";
import { fromPage, readBody } from "../identity/page-request.ts";
import { realmOf } from "../identity/realm.ts";
import { EGRESS_TTL_S } from "../identity/token-kinds.ts";
import { mintToken } from "../identity/tokens.ts";
import type { Grant } from "../store/grants.ts";
import { grantsOf } from "./granted.ts";
import { refuseSelf } from "./target.ts";

const RuleBody = z.strictObject({ host: z.string().min(1).max(300) });

/**
 * What the person says of a container's network, and who else may: nobody. There is no operation for
 * it, so neither a client nor a program can widen what it may reach.
 */
export function addGrantRoutes(app: Hono<AppEnv>): void {
  addRoute(app, "/auth/network/:container", {
    GET: fromPage(list),
    POST: fromPage(allow),
    DELETE: fromPage(revoke),
  });
  addRoute(app, "/auth/network/:container/token", { POST: fromPage(issueToken) });
}

/** Whose container is meant. */
export interface Asked {
  readonly user: string;
  readonly container: string;
}

/** @throws DiscoError `unauthenticated`, `container_not_found` */
export async function asked(context: AppContext): Promise<Asked> {
  const { sub: user } = await signedIn(context);
  const named = context.req.param("container");
  const { id: container } = await context.get("containers").resolve(user, named);
  return { user, container };
}

async function list(context: AppContext): Promise<Response> {
  const { container } = await asked(context);
  return answer(context, await grantsOf(context.env).list(container));
}

async function allow(context: AppContext): Promise<Response> {
  const { user, container } = await asked(context);
  const rule = ruleOf(context, (await readBody(context, RuleBody)).host);
  refuseSelf(rule, { config: servingConfig(context), origins: context.get("origins") });
  return answer(context, await grantsOf(context.env).add(container, rule, user));
}

async function revoke(context: AppContext): Promise<Response> {
  const { container } = await asked(context);
  const rule = ruleOf(context, (await readBody(context, RuleBody)).host);
  return answer(context, await grantsOf(context.env).remove(container, rule));
}

async function issueToken(context: AppContext): Promise<Response> {
  const { user: sub, container } = await asked(context);
  const { sid } = await signedIn(context);
  const realm = realmOf(servingConfig(context));
  const token = await mintToken(realm, "egress", { sub, container, sid });
  return context.json({ token, expires_in_s: EGRESS_TTL_S });
}

/** @throws DiscoError `invalid_input` */
function ruleOf(context: AppContext, text: string): HostRule {
  const rule = parseRule(text, servingConfig(context).mode === "local");
  if (rule.ok) return rule.value;
  throw new DiscoError("invalid_input", rule.problem);
}

function answer(context: AppContext, grants: readonly Grant[]): Response {
  return context.json({
    grants: grants.map(({ rule, since }) => ({ host: ruleText(rule), since })),
  });
}
