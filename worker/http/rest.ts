import type { Hono } from "hono";
import { DiscoError } from "#protocol/errors.ts";
import { ACTIONS_ANSWER_MAX_CHARS } from "#protocol/limits.ts";
import type { Operation } from "#protocol/operation.ts";
import { type Route, restRoutes } from "#protocol/routes.ts";
import { authenticate } from "../identity/authenticate.ts";
import { boundDirectory } from "../identity/bound-directory.ts";
import { shownClientName } from "../identity/client-name.ts";
import { guardedStream } from "../identity/guarded-stream.ts";
import type { CallContext } from "../operations/context.ts";
import { execute } from "../operations/execute.ts";
import type { AppContext, AppEnv } from "./app-env.ts";
import { servingConfig } from "./configured.ts";
import { pageUrl } from "./origins.ts";
import { answerWithEvents, asksForEvents } from "./output-events.ts";
import { readInput } from "./rest-input.ts";
import { type Method, type RouteHandler, addRoute } from "./routes.ts";

/** Where the REST face lives; the version is the contract's, not the product's. */
export const API_PATH = "/api/v1";

/** The same routes for GPT Actions, whose answers are bounded. */
export const ACTIONS_PATH = "/actions/v1";

/** The operations' routes, from the registry; those that share a path share one with Hono. */
export function addRestRoutes(app: Hono<AppEnv>): void {
  addRoutesBelow(app, API_PATH, Infinity);
  addRoutesBelow(app, ACTIONS_PATH, ACTIONS_ANSWER_MAX_CHARS);
}

/** @param answerMaxChars longer answers are refused */
function addRoutesBelow(app: Hono<AppEnv>, base: string, answerMaxChars: number): void {
  const byPath = new Map<string, Partial<Record<Method, RouteHandler>>>();
  for (const route of restRoutes) {
    if (route.events === "always" && answerMaxChars !== Infinity) continue;
    const path = base + route.path.replace("{container}", ":container");
    const handlers = byPath.get(path) ?? {};
    handlers[route.method] = (context) => answer(route, context, answerMaxChars);
    byPath.set(path, handlers);
  }
  for (const [path, handlers] of byPath) addRoute(app, path, handlers);
}

async function answer(
  route: Route,
  context: AppContext,
  answerMaxChars: number,
): Promise<Response> {
  const { operation, success = 200 } = route;
  const { raw } = context.req;
  context.get("logFields")["operation"] = operation.name;
  if (answerMaxChars === Infinity && asksForEvents(route, raw.headers)) {
    const events = await answerWithEvents(route, raw, () => callOf(context));
    // Each look is admitted by itself; but one may wait for output longer than a revocation may take.
    const body = events.body && guardedStream(events.body, () => authenticate(context));
    return new Response(body, events);
  }
  const call = await callOf(context);
  const output = await execute(operation.name, await readInput(route, raw), call);
  const text = JSON.stringify(output);
  if (text.length > answerMaxChars) throw answerTooLarge(operation, text.length, answerMaxChars);
  const headers = { "Content-Type": "application/json", "Cache-Control": "no-store" };
  return context.body(text, success, headers);
}

/** Who calls, by the request's own token; a stream asks again and again. */
async function callOf(context: AppContext): Promise<CallContext> {
  servingConfig(context);
  const principal = await authenticate(context);
  return {
    face: "rest",
    principal,
    client: shownClientName(undefined, principal),
    container: context.req.param("container"),
    containers: boundDirectory(context.get("containers"), principal),
    openUrl: pageUrl(context.get("origins")),
    previews: context.get("origins").previews,
  };
}

/** A change has had its effect, which its caller must know before it is repeated. */
function answerTooLarge(operation: Operation, chars: number, max_chars: number): DiscoError {
  const done = operation.hints.readOnly ? "" : ` ${operation.name} has done its work.`;
  const message = `The answer has ${chars} characters; this caller takes ${max_chars}.${done}`;
  return new DiscoError("too_large", message, { details: { max_chars } });
}
