import {
  BadHead,
  EgressRequest,
  EgressResponse,
  type Framed,
  type HeaderList,
  readHead,
  writeHead,
} from "#protocol/egress-frame.ts";
import { DiscoError } from "#protocol/errors.ts";
import type { AppContext } from "../http/app-env.ts";
import { servingConfig } from "../http/configured.ts";
import { MethodNotAllowed } from "../http/routes.ts";
import { requireSignIn } from "../identity/browser-sign-in.ts";
import { realmOf } from "../identity/realm.ts";
import { type TokenClaims, verifyToken } from "../identity/tokens.ts";
import type { RateBound } from "../registry/rate-bound.ts";
import { type AnswerBounds, answerStream } from "./answer-stream.ts";
import { UNCONFIRMED_MAX_MS } from "./limits.ts";
import type { Self } from "./target.ts";

/** A request of a container's program to another host, by whom and from where it has to come. */
export interface Admitted extends Framed<EgressRequest> {
  readonly claims: TokenClaims<"egress">;
  readonly self: Self;
  /** Whether the sign-in still counts that the token came from; rejects when the store cannot say. */
  readonly isSignedIn: () => Promise<boolean>;
}

/**
 * The door of all proxies to other hosts: a POST to this very path, fetched by the runtime's own
 * origin, with the token of a container that does not ask too often.
 *
 * @throws DiscoError
 */
export async function admit(context: AppContext, path: string, rate: RateBound): Promise<Admitted> {
  if (context.req.method !== "POST") throw new MethodNotAllowed(context.req.method, "POST");
  requireRuntimeFetch(context);
  const { pathname, search } = new URL(context.req.url);
  if (pathname !== path || search !== "") {
    throw new DiscoError("route_not_found", "There is nothing below this path.");
  }
  const config = servingConfig(context);
  const claims = await verifyToken(realmOf(config), "egress", tokenOf(context));
  if (!rate.take(claims.container)) {
    throw new DiscoError("overloaded", "Too many requests to other hosts at once.");
  }
  const { head, body } = await readRequest(context);
  const self = { config, origins: context.get("origins") };
  const isSignedIn = (): Promise<boolean> =>
    requireSignIn(context.env, claims, config.mode === "local").then(
      () => true,
      (error: unknown) => {
        if (error instanceof DiscoError && error.code === "unauthenticated") return false;
        throw error;
      },
    );
  return { head, body, claims, self, isSignedIn };
}

/** @throws DiscoError `unauthenticated`, `store_unavailable` */
export async function requireStanding({ isSignedIn, body }: Admitted): Promise<void> {
  if (await isSignedIn()) return;
  await body.cancel();
  throw new DiscoError("unauthenticated", "The sign-in that the token came from has ended.");
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

/** Whether it is still allowed, asked again and again; what the store does not confirm for long is not. */
export function confirming(ask: () => Promise<boolean>): () => Promise<boolean> {
  let confirmedAt = Date.now();
  return async () => {
    try {
      if (!(await ask())) return false;
      confirmedAt = Date.now();
      return true;
    } catch {
      return Date.now() - confirmedAt < UNCONFIRMED_MAX_MS;
    }
  };
}

/** What is told of an answer, and for how long. */
export interface Passing {
  readonly headers: HeaderList;
  readonly bounds: AnswerBounds;
  readonly abort: AbortController;
}

/** Bytes for the kernel, and nothing that a browser would show, run, keep or follow. */
export function passBack(answer: Response, { headers, bounds, abort }: Passing): Response {
  const head = headOf(answer, headers, abort);
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
function headOf(answer: Response, headers: HeaderList, abort: AbortController): Uint8Array {
  try {
    const { status, statusText: reason } = answer;
    return writeHead(EgressResponse.parse({ status, reason, headers }));
  } catch (cause) {
    abort.abort();
    const message = "The other host's headers cannot be passed on.";
    throw new DiscoError("network_unavailable", message, { cause });
  }
}
