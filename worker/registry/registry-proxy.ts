import type { MiddlewareHandler } from "hono";
import { DiscoError } from "#protocol/errors.ts";
import { RESERVED_PATH } from "#protocol/previews.ts";
import type { AppContext, AppEnv } from "../http/app-env.ts";
import { servingConfig } from "../http/configured.ts";
import { MethodNotAllowed } from "../http/routes.ts";
import { boundedStream } from "./bounded-stream.ts";
import { type RegistryLimits, registryLimits } from "./limits.ts";
import { type PackagePath, parsePackagePath, upstreamUrl } from "./package-path.ts";
import { RateBound } from "./rate-bound.ts";
import { rewriteUrls } from "./rewrite-urls.ts";
import { askUpstream } from "./upstream.ts";

/** Path of the proxy on the runtime's host. */
export const REGISTRY_PATH = `${RESERVED_PATH}registry/`;

/** An entity tag (RFC 9110, section 8.8.3), or a list of them. */
const ENTITY_TAGS = /^(?:W\/)?"[\x21\x23-\x7e]{0,200}"(?:, ?(?:W\/)?"[\x21\x23-\x7e]{0,200}")*$/;

/** A published tarball never changes; metadata does, with every version that is published. */
const TARBALL_CACHE = "public, max-age=31536000, immutable";
const METADATA_CACHE = "public, max-age=60, stale-while-revalidate=600";

/**
 * Packages for the container: reads of one configured registry, for pages of the runtime's origin and
 * for nobody else. On other hosts there is no such route.
 */
export function registryProxy(limits: RegistryLimits = registryLimits): MiddlewareHandler<AppEnv> {
  const rate = new RateBound(limits.burst, limits.perSecond);
  return async (context, next) => {
    if (context.get("origins").role !== "runtime") return next();
    const method = readMethod(context);
    requireRuntimePage(context);
    const { pathname, search } = new URL(context.req.url);
    const path = parsePackagePath(pathname.slice(REGISTRY_PATH.length));
    if (path === null || search !== "") {
      throw new DiscoError("route_not_found", "The path names neither a package nor a tarball.");
    }
    const { registry } = servingConfig(context);
    if (registry === null) {
      throw new DiscoError("not_configured", "No package registry is configured.", {
        details: { missing: ["DISCO_REGISTRY_URL"] },
      });
    }
    if (!rate.take(context.req.header("CF-Connecting-IP") ?? "")) {
      throw new DiscoError("overloaded", "Too many packages were asked for at once.");
    }
    return passOn(context, { registry, path, method, limits });
  };
}

function readMethod(context: AppContext): "GET" | "HEAD" {
  const { method } = context.req;
  if (method === "GET" || method === "HEAD") return method;
  throw new MethodNotAllowed(method, "GET, HEAD");
}

/**
 * Browsers say where a request comes from and what for (Fetch Metadata, section 2); only a `fetch` of
 * the runtime's own pages and workers passes. A browser that does not say so must show the origin.
 */
function requireRuntimePage(context: AppContext): void {
  const { runtime } = context.get("origins");
  const origin = context.req.header("Origin");
  const site = context.req.header("Sec-Fetch-Site");
  const purpose = context.req.header("Sec-Fetch-Dest") ?? "empty";
  const fromRuntime = site === undefined ? origin === runtime : site === "same-origin";
  if (fromRuntime && (origin ?? runtime) === runtime && purpose === "empty") return;
  throw new DiscoError("origin_not_allowed", "Packages are served to the container's page only.");
}

interface Passing {
  readonly registry: string;
  readonly path: PackagePath;
  readonly method: "GET" | "HEAD";
  readonly limits: RegistryLimits;
}

async function passOn(context: AppContext, passing: Passing): Promise<Response> {
  const { registry, path, method, limits } = passing;
  const abort = new AbortController();
  const known = context.req.header("If-None-Match");
  const answer = await askUpstream({
    url: upstreamUrl(registry, path),
    registry,
    method,
    wants: path.kind,
    ifNoneMatch: known !== undefined && ENTITY_TAGS.test(known) ? known : undefined,
    headersTimeoutMs: limits.headersTimeoutMs,
    abort,
  });
  const maxBytes = path.kind === "metadata" ? limits.metadataMaxBytes : limits.tarballMaxBytes;
  if (Number(answer.headers.get("Content-Length") ?? 0) > maxBytes) {
    abort.abort();
    throw new DiscoError("too_large", `The registry's answer is larger than ${maxBytes} bytes.`, {
      details: { max_bytes: maxBytes },
    });
  }
  const headers = headersOf(answer, path.kind);
  if (answer.status === 304) return new Response(null, { status: 304, headers });
  if (method === "HEAD" || answer.body === null) return new Response(null, { headers });
  const bounds = { maxBytes, timeoutMs: limits.totalTimeoutMs };
  const bytes = boundedStream(answer.body, bounds, (reason) => abort.abort(reason));
  const own = context.get("origins").runtime + REGISTRY_PATH;
  const body = path.kind === "metadata" ? bytes.pipeThrough(rewriteUrls(registry, own)) : bytes;
  return new Response(body, { headers });
}

/** Nothing that a browser would show or run, whatever a package holds. */
function headersOf(answer: Response, kind: PackagePath["kind"]): Headers {
  const isTarball = kind === "tarball";
  const headers = new Headers({
    "Content-Type": isTarball ? "application/octet-stream" : "application/json",
    "Cache-Control": isTarball ? TARBALL_CACHE : METADATA_CACHE,
    "Content-Disposition": "attachment",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
  });
  const tag = answer.headers.get("ETag");
  if (tag !== null && ENTITY_TAGS.test(tag)) {
    // Our metadata differs from the registry's byte by byte, so its tag is weak.
    headers.set("ETag", isTarball || tag.startsWith("W/") ? tag : `W/${tag}`);
  }
  return headers;
}
