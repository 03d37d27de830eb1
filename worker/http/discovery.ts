import type { Hono } from "hono";
import { errorCodes } from "#protocol/error-catalogue.ts";
import { CALL_WAIT_MAX_MS, REQUEST_BODY_MAX_BYTES } from "#protocol/limits.ts";
import { containerLimits } from "#protocol/operations/container.ts";
import { PROTOCOL_VERSION } from "#protocol/frames.ts";
import actions from "#openapi/openapi-actions.json" with { type: "json" };
import openapi from "#openapi/openapi.json" with { type: "json" };
import { describeUnconfigured } from "../config.ts";
import { SSE_PATH } from "../mcp/sse-sessions.ts";
import { createRedis } from "../store/redis.ts";
import { VERSION } from "../version.ts";
import type { AppContext, AppEnv } from "./app-env.ts";
import { serveAsset } from "./assets.ts";
import { describeCapabilities } from "./capabilities.ts";
import { CHAT_ORIGINS, type Origins, pageUrl, websocketUrl } from "./origins.ts";
import { API_PATH } from "./rest.ts";
import { addRoute } from "./routes.ts";

/** Milliseconds that the store gets to answer a health check. */
const HEALTH_TIMEOUT_MS = 1_500;

/** What clients read to find out what this is, what it can do and whether it works. */
export function addDiscoveryRoutes(app: Hono<AppEnv>): void {
  addRoute(app, "/config", {
    GET: (context) => publicJson(context, describeConfig(context)),
  });
  addRoute(app, "/capabilities", { GET: (context) => publicJson(context, describeCapabilities()) });
  addRoute(app, "/health", { GET: health });
  for (const [path, document] of Object.entries({
    "/openapi.json": openapi,
    "/openapi-actions.json": actions,
  })) {
    addRoute(app, path, {
      GET: (context) =>
        publicJson(context, { ...document, servers: [{ url: context.get("origins").asked }] }),
    });
  }
  addRoute(app, "/.well-known/ai-plugin.json", { GET: manifest });
}

function publicJson(context: AppContext, value: object): Response {
  return context.json(value, 200, { "Cache-Control": "no-cache" });
}

/** URLs of this deployment, for the landing page and for programs. */
export function serviceUrls(origins: Origins): Record<string, string> {
  return {
    sandbox_url: pageUrl(origins),
    mcp_url: `${origins.app}/mcp`,
    api_url: origins.app + API_PATH,
    docs_url: `${origins.app}/docs`,
    openapi_url: `${origins.app}/openapi.json`,
    openapi_actions_url: `${origins.app}/openapi-actions.json`,
    config_url: `${origins.app}/config`,
    capabilities_url: `${origins.app}/capabilities`,
    health_url: `${origins.app}/health`,
  };
}

/** Public values of this deployment, as `GET /config` answers them. */
export function describeConfig(context: AppContext) {
  const origins = context.get("origins");
  return {
    version: VERSION,
    protocol_version: PROTOCOL_VERSION,
    origin: origins.page,
    runtime_origin: origins.runtime,
    preview_origin: origins.previews,
    mcp_url: `${origins.app}/mcp`,
    sse_url: origins.app + SSE_PATH,
    api_url: origins.app + API_PATH,
    docs_url: `${origins.app}/docs`,
    openapi_actions_url: `${origins.app}/openapi-actions.json`,
    websocket_url: websocketUrl(origins),
    local: context.get("config").mode === "local",
    allowed_origins: CHAT_ORIGINS,
    error_codes: errorCodes,
    limits: {
      ...containerLimits,
      request_body_max_bytes: REQUEST_BODY_MAX_BYTES,
      call_wait_max_ms: CALL_WAIT_MAX_MS,
    },
  };
}

/** Healthy means configured and with a store that answers now; nothing is taken from memory. */
async function health(context: AppContext): Promise<Response> {
  const settings = context.get("config");
  const configured = settings.mode !== "unconfigured";
  const store = await pingStore(context.env);
  const body = {
    status: configured && store.ok ? "ok" : "unavailable",
    version: VERSION,
    mode: settings.mode,
    checks: {
      configuration: configured
        ? { ok: true }
        : { ok: false, detail: describeUnconfigured(settings) },
      store,
    },
  };
  const status = body.status === "ok" ? 200 : 503;
  return context.json(body, status, { "Cache-Control": "no-store" });
}

async function pingStore(env: Env): Promise<{ ok: boolean; detail?: string; latency_ms: number }> {
  const started = Date.now();
  const { promise: late, resolve } = Promise.withResolvers<"late">();
  const timer = setTimeout(() => resolve("late"), HEALTH_TIMEOUT_MS);
  try {
    const answer = await Promise.race([createRedis(env).ping(), late]);
    const latency_ms = Date.now() - started;
    if (answer !== "late") return { ok: true, latency_ms };
    return { ok: false, detail: "The store does not answer in time.", latency_ms };
  } catch {
    // The client's error holds the command and the URL; neither belongs in a public answer.
    return { ok: false, detail: "The store refuses to answer.", latency_ms: Date.now() - started };
  } finally {
    clearTimeout(timer);
  }
}

/** The manifest in the repository knows no host: its paths become URLs of this deployment. */
async function manifest(context: AppContext): Promise<Response> {
  const file = await serveAsset(context, "/.well-known/ai-plugin.json", {});
  const text = (await file.text()).replaceAll('"/', `"${context.get("origins").app}/`);
  return publicJson(context, JSON.parse(text) as object);
}
