import type { Hono } from "hono";
import { describeUnconfigured } from "../config.ts";
import { VERSION } from "../version.ts";
import type { AppContext, AppEnv } from "./app-env.ts";
import { serviceUrls } from "./discovery.ts";
import { pageUrl } from "./origins.ts";
import { landingPage } from "./pages/landing-page.ts";
import { API_PATH } from "./rest.ts";
import { addRoute } from "./routes.ts";
import { publicPageHeaders } from "./security-headers.ts";

/** `/` for people and for programs, by `Accept` (RFC 9110, section 12.5.1). */
export function addLandingRoute(app: Hono<AppEnv>): void {
  addRoute(app, "/", { GET: landing });
}

function landing(context: AppContext): Response {
  const config = context.get("config");
  const origins = context.get("origins");
  const headers = { "Cache-Control": "no-cache", Vary: "Accept" };
  if (wantsJson(context.req.header("Accept"))) {
    const service = { name: "disco", version: VERSION, ...serviceUrls(origins) };
    return context.json(service, 200, headers);
  }
  const page = landingPage({
    sandboxUrl: pageUrl(origins),
    mcpUrl: `${origins.app}/mcp`,
    apiUrl: origins.app + API_PATH,
    trouble: config.mode === "unconfigured" ? describeUnconfigured(config) : undefined,
    local: config.mode === "local",
  });
  return context.html(page, 200, { ...publicPageHeaders(), ...headers });
}

/** A program that does not ask for HTML gets JSON only when it says so; browsers and curl get HTML. */
function wantsJson(accept = "*/*"): boolean {
  const quality = (type: string): number => {
    const range = accept.split(",").find((one) => one.trim().split(";")[0] === type);
    return range === undefined ? 0 : Number(/;\s*q=([\d.]+)/.exec(range)?.[1] ?? 1);
  };
  return quality("application/json") > quality("text/html");
}
