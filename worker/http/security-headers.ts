import type { MiddlewareHandler } from "hono";
import { previewSources } from "#protocol/previews.ts";
import type { Config } from "../config.ts";
import type { AppEnv } from "./app-env.ts";
import { CHAT_ORIGINS, type Origins } from "./origins.ts";

/** A year: the shortest time that browsers' preload lists accept. */
const HSTS = "max-age=31536000; includeSubDomains";

/** Headers of every response; one that names no policy of its own gets the narrowest. */
export const responseHeaders: MiddlewareHandler<AppEnv> = async (context, next) => {
  await next();
  // An upgrade is no document, and copying the response would lose its socket.
  if (context.res.status === 101) return;
  context.header("X-Request-Id", context.get("requestId"));
  context.header("X-Content-Type-Options", "nosniff");
  context.header("Referrer-Policy", "same-origin");
  // Deployments are https, also where a proxy ends TLS; a browser ignores it on http.
  if ((context.get("config") as Config | undefined)?.mode === "deployed") {
    context.header("Strict-Transport-Security", HSTS);
  }
  if (!context.res.headers.has("Content-Security-Policy")) {
    context.header("Content-Security-Policy", policy({ "frame-ancestors": "'none'" }));
  }
};

type Directives = Record<string, string>;

/** A policy (CSP3) that starts from nothing: what a document needs is named, the rest is refused. */
function policy(directives: Directives): string {
  const all: Directives = {
    "default-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'none'",
    "object-src": "'none'",
    ...directives,
  };
  return Object.entries(all)
    .map(([name, value]) => `${name} ${value}`)
    .join("; ");
}

/** The sandbox page: isolated from other windows, so that it may share memory with its workers. */
export function sandboxHeaders(origins: Origins): Record<string, string> {
  const socket = origins.page.replace(/^http/, "ws");
  return {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Content-Security-Policy": policy({
      "script-src": "'self'",
      "worker-src": "'self'",
      "style-src": "'self' 'unsafe-inline'",
      "img-src": "'self' data: blob:",
      "font-src": "'self'",
      "connect-src": `'self' ${socket}`,
      "frame-src": [...new Set([origins.runtime, previewSources(origins.previews)])].join(" "),
      "frame-ancestors": "'none'",
    }),
  };
}

/** The runtime: may run what it compiles, may be framed by the page, and reaches nothing else. */
export function runtimeHeaders(origins: Origins): Record<string, string> {
  return {
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Origin-Agent-Cluster": "?1",
    "Content-Security-Policy": policy({
      "script-src": "'self' blob: 'unsafe-eval' 'wasm-unsafe-eval'",
      "worker-src": "'self' blob:",
      "connect-src": "'self'",
      "frame-ancestors": origins.page,
    }),
  };
}

/** What every document and script on a preview's origin needs to be framed by the isolated page. */
const inIsolatedPage = {
  "Cross-Origin-Embedder-Policy": "require-corp",
  "Cross-Origin-Resource-Policy": "cross-origin",
  "Origin-Agent-Cluster": "?1",
};

/** The hidden frame between a preview's service worker and the page. */
export function bridgeHeaders(origins: Origins): Record<string, string> {
  return {
    ...inIsolatedPage,
    "Content-Security-Policy": policy({
      "script-src": "'self'",
      "worker-src": "'self'",
      "connect-src": "'self'",
      "frame-ancestors": origins.page,
    }),
  };
}

/** The document that starts the service worker; it stands where the preview will be. */
export function bootstrapHeaders(origins: Origins): Record<string, string> {
  return {
    ...inIsolatedPage,
    "Content-Security-Policy": policy({
      "script-src": "'self'",
      "worker-src": "'self'",
      "connect-src": "'self'",
      "style-src": "'unsafe-inline'",
      "frame-ancestors": `'self' ${origins.page}`,
    }),
  };
}

/** Their scripts. The service worker answers for the whole origin (Service Workers, section 3.5). */
export function previewScriptHeaders(): Record<string, string> {
  return {
    ...inIsolatedPage,
    "Service-Worker-Allowed": "/",
    "Content-Security-Policy": policy({ "connect-src": "'self'", "script-src": "'self'" }),
  };
}

/** An origin by its name, or a scheme (CSP3, section 2.3.1), with nothing that a policy divides at. */
const SOURCE = /^https?:(?:\/\/[a-z0-9.-]+(?::\d+)?)?$/;

/**
 * Pages where a person says yes: never framed, and their form leads nowhere else. A target that would
 * be read as more than one origin is left out: the form then does not lead there.
 *
 * @param targets origins that the form's answer may send the browser on to (CSP3, section 6.3.1)
 */
export function consentHeaders(targets: readonly string[]): Record<string, string> {
  return {
    "X-Frame-Options": "DENY",
    "Content-Security-Policy": policy({
      "script-src": "'self'",
      "style-src": "'self' 'unsafe-inline'",
      "img-src": "'self' data:",
      "form-action": ["'self'", ...new Set(targets.filter((one) => SOURCE.test(one)))].join(" "),
      "frame-ancestors": "'none'",
    }),
  };
}

/** Landing page and docs: the chat products may embed them, they may talk to this origin only. */
export function publicPageHeaders(): Record<string, string> {
  return {
    "Cross-Origin-Opener-Policy": "same-origin-allow-popups",
    "Content-Security-Policy": policy({
      "script-src": "'self'",
      "style-src": "'self' 'unsafe-inline'",
      "img-src": "'self' data:",
      "font-src": "'self'",
      "connect-src": "'self'",
      "frame-ancestors": ["'self'", ...CHAT_ORIGINS].join(" "),
    }),
  };
}
