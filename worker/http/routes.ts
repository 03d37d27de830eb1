import type { Hono } from "hono";
import { DiscoError } from "#protocol/errors.ts";
import type { AppContext, AppEnv } from "./app-env.ts";

export type Method = "GET" | "POST" | "PUT" | "DELETE";
export type RouteHandler = (context: AppContext) => Response | Promise<Response>;

/** Thrown for a method that a route does not take; carries what the `Allow` header must say. */
export class MethodNotAllowed extends DiscoError {
  readonly allow: string;

  constructor(method: string, allow: string) {
    super("method_not_allowed", `This route takes ${allow}, not ${method}.`);
    this.allow = allow;
  }
}

/**
 * Adds a route with all its methods. HEAD goes with GET, OPTIONS is answered, and every other method
 * is refused with `Allow` (RFC 9110, section 15.5.6).
 */
export function addRoute(
  app: Hono<AppEnv>,
  path: string,
  handlers: Partial<Record<Method, RouteHandler>>,
): void {
  for (const [method, handler] of Object.entries(handlers)) app.on(method, path, handler);
  const methods = Object.keys(handlers);
  const allow = [...methods, ...(handlers.GET ? ["HEAD"] : []), "OPTIONS"].join(", ");
  app.options(path, () => new Response(null, { status: 204, headers: { Allow: allow } }));
  app.all(path, (context) => {
    throw new MethodNotAllowed(context.req.method, allow);
  });
}
