import type { Hono, MiddlewareHandler } from "hono";
import { DiscoError } from "#protocol/errors.ts";
import type { AppContext, AppEnv } from "./app-env.ts";
import { immutable, revalidated, serveAsset } from "./assets.ts";
import { servingConfig } from "./configured.ts";
import { pageUrl } from "./origins.ts";
import { addRoute } from "./routes.ts";
import { runtimeHeaders, sandboxHeaders } from "./security-headers.ts";

/** On the runtime's host nothing exists but the runtime: what runs there must find no API. */
export const runtimeHost: MiddlewareHandler<AppEnv> = async (context, next) => {
  if (context.get("origins").role === "app") return next();
  const { path, method } = context.req;
  if (method !== "GET" && method !== "HEAD") throw notServed(path);
  const headers = runtimeHeaders(context.get("origins"));
  if (path === "/runtime.html") return serveAsset(context, path, revalidated(headers));
  if (path.startsWith("/assets/")) return serveAsset(context, path, immutable(headers));
  throw notServed(path);
};

function notServed(path: string): DiscoError {
  return new DiscoError("route_not_found", `${path.slice(0, 200)} is not served on this host.`);
}

/** The sandbox page and its files. */
export function addPageRoutes(app: Hono<AppEnv>): void {
  addRoute(app, "/sandbox", { GET: sandbox });
  addRoute(app, "/assets/*", {
    GET: (context) =>
      serveAsset(context, context.req.path, immutable(sandboxHeaders(context.get("origins")))),
  });
}

/** The page has one origin; other names of this machine lead there. The browser keeps the fragment. */
async function sandbox(context: AppContext): Promise<Response> {
  servingConfig(context);
  const origins = context.get("origins");
  if (origins.asked !== origins.page) return context.redirect(pageUrl(origins), 302);
  return serveAsset(context, "/index.html", revalidated(sandboxHeaders(origins)));
}
