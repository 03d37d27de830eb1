import type { Hono } from "hono";
import { DiscoError } from "#protocol/errors.ts";
import type { Operation } from "#protocol/operation.ts";
import { findOperation, operationNames } from "#protocol/registry.ts";
import { authenticate } from "../identity/authenticate.ts";
import { boundDirectory } from "../identity/bound-directory.ts";
import { shownClientName } from "../identity/client-name.ts";
import { execute } from "../operations/execute.ts";
import type { AppContext, AppEnv } from "./app-env.ts";
import { readJson } from "./body.ts";
import { servingConfig } from "./configured.ts";
import { pageUrl } from "./origins.ts";
import { type Method, type RouteHandler, addRoute } from "./routes.ts";

/** Where the REST face lives; the version is the contract's, not the product's. */
export const API_PATH = "/api/v1";

/** One route per operation, from the registry; operations that share a path share a route. */
export function addRestRoutes(app: Hono<AppEnv>): void {
  const routes = new Map<string, Partial<Record<Method, RouteHandler>>>();
  for (const name of operationNames) {
    const operation = findOperation(name) as Operation;
    const path = API_PATH + operation.http.path.replace("{container}", ":container");
    const handlers = routes.get(path) ?? {};
    handlers[operation.http.method] = (context) => answer(operation, context);
    routes.set(path, handlers);
  }
  for (const [path, handlers] of routes) addRoute(app, path, handlers);
}

async function answer(operation: Operation, context: AppContext): Promise<Response> {
  const config = servingConfig(context);
  const principal = await authenticate(context);
  context.get("logFields")["operation"] = operation.name;
  const output = await execute(operation.name, await readInput(operation, context), {
    principal,
    client: shownClientName(undefined, principal),
    container: context.req.param("container"),
    containers: boundDirectory(context.get("containers"), principal),
    openUrl: pageUrl(context.get("origins")),
    previews: context.get("origins").previews,
    local: config.mode === "local",
  });
  return context.json(output, 200, { "Cache-Control": "no-store" });
}

async function readInput(operation: Operation, context: AppContext): Promise<unknown> {
  const query = new URL(context.req.url).searchParams;
  if (operation.http.method === "GET") return queryInput(query);
  if (query.size > 0) {
    const message = `${operation.http.method} takes its arguments in the JSON body, not in the query.`;
    throw new DiscoError("invalid_input", message);
  }
  return readJson(context.req.raw);
}

/** A parameter given twice is a list; where no list is wanted, the parser names it. */
function queryInput(query: URLSearchParams): Record<string, string | string[]> {
  const entries = [...new Set(query.keys())].map((key) => {
    const values = query.getAll(key);
    return [key, values.length > 1 ? values : (values[0] ?? "")] as const;
  });
  return Object.fromEntries(entries);
}
