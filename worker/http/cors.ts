import type { MiddlewareHandler } from "hono";
import { DiscoError } from "#protocol/errors.ts";
import type { AppEnv } from "./app-env.ts";
import { mayCallFaces } from "./origins.ts";

/** Seconds that a browser may remember the answer to a preflight; Chromium takes 7,200 at most. */
const PREFLIGHT_MAX_AGE_S = 7_200;

const ALLOWED_HEADERS = [
  "Authorization",
  "Content-Type",
  "If-Match",
  "Last-Event-ID",
  "Mcp-Method",
  "Mcp-Name",
  "Mcp-Protocol-Version",
  "Mcp-Session-Id",
].join(", ");

const EXPOSED_HEADERS = ["Mcp-Session-Id", "WWW-Authenticate", "X-Request-Id", "Retry-After"].join(
  ", ",
);

/**
 * The rule for pages of other origins (Fetch standard, section 3.3): exact names only, never `*`. A
 * foreign origin is refused where something happens (`strict`) and merely not answered to elsewhere.
 * A request without `Origin` comes from no page.
 */
export function cors(rule: "strict" | "public"): MiddlewareHandler<AppEnv> {
  return async (context, next) => {
    const origin = context.req.header("Origin");
    const allowed = origin !== undefined && mayCallFaces(context.get("origins"), origin);
    if (origin !== undefined && !allowed && rule === "strict") throw foreignOrigin(origin);
    const requested = context.req.header("Access-Control-Request-Method");
    if (allowed && context.req.method === "OPTIONS" && requested !== undefined) {
      context.header("Access-Control-Allow-Methods", "GET, HEAD, POST, PUT, DELETE");
      context.header("Access-Control-Allow-Headers", ALLOWED_HEADERS);
      context.header("Access-Control-Max-Age", String(PREFLIGHT_MAX_AGE_S));
      context.res = context.body(null, 204);
    } else {
      await next();
    }
    context.header("Vary", "Origin", { append: true });
    if (!allowed) return;
    context.header("Access-Control-Allow-Origin", origin);
    context.header("Access-Control-Expose-Headers", EXPOSED_HEADERS);
  };
}

export function foreignOrigin(origin: string | undefined): DiscoError {
  const message =
    origin === undefined
      ? "The request names no Origin."
      : `The origin ${JSON.stringify(origin.slice(0, 200))} is not allowed.`;
  return new DiscoError("origin_not_allowed", message);
}
