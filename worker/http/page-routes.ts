import type { Hono, MiddlewareHandler } from "hono";
import { DiscoError } from "#protocol/errors.ts";
import { RESERVED_PATH } from "#protocol/previews.ts";
import type { AppContext, AppEnv } from "./app-env.ts";
import { immutable, revalidated, serveAsset } from "./assets.ts";
import { servingConfig } from "./configured.ts";
import { type Origins, pageUrl } from "./origins.ts";
import { addRoute } from "./routes.ts";
import { serveSandbox } from "./sandbox-document.ts";
import {
  bridgeHeaders,
  bootstrapHeaders,
  previewScriptHeaders,
  runtimeHeaders,
  sandboxHeaders,
} from "./security-headers.ts";

/** What a host that shows previews serves of ours, besides the built files: path → file. */
const PREVIEW_FILES: Readonly<Record<string, (origins: Origins) => Record<string, string>>> = {
  "bridge.html": bridgeHeaders,
  "bridge.js": previewScriptHeaders,
  "bootstrap.js": previewScriptHeaders,
  "service-worker.js": previewScriptHeaders,
};

/**
 * On the hosts of runtime and previews nothing exists but these two: what runs there must find no API.
 * Everything of ours is below one path; the rest of a preview's paths belong to the program that it
 * shows, and are answered by the service worker of that origin, never here.
 */
export const containerHosts: MiddlewareHandler<AppEnv> = async (context, next) => {
  const origins = context.get("origins");
  if (origins.role === "app") return next();
  const { path, method } = context.req;
  if (method !== "GET" && method !== "HEAD") throw notServed(path);
  const showsPreviews = origins.role === "preview" || origins.previews === origins.runtime;
  if (!path.startsWith(RESERVED_PATH)) {
    if (showsPreviews && isNavigation(context)) return bootstrap(context);
    throw notServed(path);
  }
  const name = path.slice(RESERVED_PATH.length);
  if (origins.role === "runtime" && name.startsWith("assets/")) {
    return serveAsset(context, `/${name}`, immutable(runtimeHeaders(origins)));
  }
  const headersOf = showsPreviews ? PREVIEW_FILES[name] : undefined;
  if (headersOf === undefined) throw notServed(path);
  return serveAsset(context, `/preview/${name}`, revalidated(headersOf(origins)));
};

/** The first document of an origin whose service worker does not run yet: starts it, and reloads. */
function bootstrap(context: AppContext): Promise<Response> {
  const headers = bootstrapHeaders(context.get("origins"));
  return serveAsset(context, "/preview/bootstrap.html", {
    ...headers,
    "Cache-Control": "no-store",
  });
}

/** Fetch Metadata, section 2.3; no page can set it. */
function isNavigation(context: AppContext): boolean {
  return context.req.header("Sec-Fetch-Mode") === "navigate";
}

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
  if (origins.asked !== origins.page) {
    return context.redirect(pageUrl(origins) + new URL(context.req.url).search, 302);
  }
  return serveSandbox(context);
}
