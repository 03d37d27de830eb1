import type { MiddlewareHandler } from "hono";
import {
  BadHead,
  EGRESS_NAME,
  EgressRequest,
  EgressResponse,
  type Framed,
  readHead,
  writeHead,
} from "#protocol/egress-frame.ts";
import type { EgressTarget } from "#protocol/egress-rule.ts";
import { DiscoError } from "#protocol/errors.ts";
import { RESERVED_PATH } from "#protocol/previews.ts";
import type { AppContext, AppEnv } from "../http/app-env.ts";
import { servingConfig } from "../http/configured.ts";
import { MethodNotAllowed } from "../http/routes.ts";
import { realmOf } from "../identity/realm.ts";
import { verifyToken } from "../identity/tokens.ts";
import { RateBound } from "../registry/rate-bound.ts";
import type { Grants } from "../store/grants.ts";
import { answerStream } from "./answer-stream.ts";
import { grantsOf, isGranted } from "./granted.ts";
import { incomingHeaders } from "./headers.ts";
import { type EgressLimits, egressLimits, UNCONFIRMED_MAX_MS } from "./limits.ts";
import { notGranted, send } from "./send.ts";
import { readTarget } from "./target.ts";

/** Path of the proxy on the runtime's host. */
export const EGRESS_PATH = RESERVED_PATH + EGRESS_NAME;

/**
 * The way of a container's programs to other hosts, and the only one. It serves fetches of the
 * runtime's own origin that show the container's token, to hosts that the container's person allowed.
 * On other hosts there is no such route.
 */
export function egressProxy(limits: EgressLimits = egressLimits): MiddlewareHandler<AppEnv> {
  const rate = new RateBound(limits.burst, limits.perSecond);
  return async (context, next) => {
    const origins = context.get("origins");
    if (origins.role !== "runtime") return next();
    if (context.req.method !== "POST") throw new MethodNotAllowed(context.req.method, "POST");
    requireRuntimeFetch(context);
    const { pathname, search } = new URL(context.req.url);
    if (pathname !== EGRESS_PATH || search !== "") {
      throw new DiscoError("route_not_found", "There is nothing below this path.");
    }
    const config = servingConfig(context);
    const { container } = await verifyToken(realmOf(config), "egress", tokenOf(context));
    if (!rate.take(container)) {
      throw new DiscoError("overloaded", "Too many requests to other hosts at once.");
    }
    const { head: request, body } = await readRequest(context);
    const target = readTarget(request.url, { config, origins });
    const grants = grantsOf(context.env);
    if (!(await isGranted(grants, container, target))) {
      await body.cancel();
      throw notGranted(target);
    }
    const abort = new AbortController();
    const { silenceMs, recheckMs } = limits;
    const mayGoOn = confirming(grants, container, target);
    const answer = await send({ request, target, body, silenceMs, recheckMs, mayGoOn, abort });
    return passBack(answer, { limits, mayGoOn, abort });
  };
}

/**
 * Browsers say where a request comes from and what for (Fetch Metadata, section 2), and no page can
 * change it: only a `fetch` of the runtime's own pages and workers passes.
 */
function requireRuntimeFetch(context: AppContext): void {
  const { runtime } = context.get("origins");
  const isOwn =
    context.req.header("Sec-Fetch-Site") === "same-origin" &&
    context.req.header("Sec-Fetch-Dest") === "empty" &&
    context.req.header("Origin") === runtime;
  if (isOwn) return;
  throw new DiscoError("origin_not_allowed", "Other hosts are reached by the container only.");
}

/** @throws DiscoError `unauthenticated` */
function tokenOf(context: AppContext): string {
  const token = /^Bearer ([\w.-]+)$/.exec(context.req.header("Authorization") ?? "")?.[1];
  if (token !== undefined) return token;
  throw new DiscoError("unauthenticated", "The request shows no container's token.");
}

/** @throws DiscoError `invalid_input` */
async function readRequest(context: AppContext): Promise<Framed<EgressRequest>> {
  const { body } = context.req.raw;
  try {
    if (body === null) throw new BadHead("There is no body.");
    return await readHead(body, EgressRequest);
  } catch (error) {
    if (!(error instanceof BadHead)) throw error;
    throw new DiscoError("invalid_input", error.message);
  }
}

/** Whether the host is still allowed; what the store does not confirm for long is not. */
function confirming(
  grants: Grants,
  container: string,
  target: EgressTarget,
): () => Promise<boolean> {
  let confirmedAt = Date.now();
  return async () => {
    try {
      if (!(await isGranted(grants, container, target))) return false;
      confirmedAt = Date.now();
      return true;
    } catch {
      return Date.now() - confirmedAt < UNCONFIRMED_MAX_MS;
    }
  };
}

interface Passing {
  readonly limits: EgressLimits;
  readonly mayGoOn: () => Promise<boolean>;
  readonly abort: AbortController;
}

/** Bytes for the kernel, and nothing that a browser would show, run, keep or follow. */
function passBack(answer: Response, { limits, mayGoOn, abort }: Passing): Response {
  const { responseMaxBytes: maxBytes, silenceMs, totalMs, recheckMs } = limits;
  const bounds = { maxBytes, silenceMs, totalMs, recheckMs, mayGoOn };
  const head = headOf(answer, abort);
  const stream = answerStream(head, answer.body, bounds, (reason) => abort.abort(reason));
  return new Response(stream, {
    headers: {
      "Content-Type": "application/octet-stream",
      "Content-Disposition": "attachment",
      "Cache-Control": "no-store, no-transform",
      "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
      "Cross-Origin-Resource-Policy": "same-origin",
    },
  });
}

/** @throws DiscoError `network_unavailable` when there is more of it than a head may hold */
function headOf(answer: Response, abort: AbortController): Uint8Array {
  try {
    const { status, statusText: reason } = answer;
    return writeHead(
      EgressResponse.parse({ status, reason, headers: incomingHeaders(answer.headers) }),
    );
  } catch (cause) {
    abort.abort();
    const message = "The other host's headers cannot be passed on.";
    throw new DiscoError("network_unavailable", message, { cause });
  }
}
