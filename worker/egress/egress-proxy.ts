import type { MiddlewareHandler } from "hono";
import { EGRESS_NAME } from "#protocol/egress-frame.ts";
import { RESERVED_PATH } from "#protocol/previews.ts";
import type { AppEnv } from "../http/app-env.ts";
import { RateBound } from "../registry/rate-bound.ts";
import { admit, confirming, passBack, requireStanding } from "./admission.ts";
import { grantsOf, isGranted } from "./granted.ts";
import { incomingHeaders, outgoingHeaders } from "./headers.ts";
import { type EgressLimits, egressLimits } from "./limits.ts";
import { notGranted, send } from "./send.ts";
import { readTarget } from "./target.ts";

/** Path of the proxy on the runtime's host. */
export const EGRESS_PATH = RESERVED_PATH + EGRESS_NAME;

/**
 * The way of a container's programs to other hosts, which the container's person allowed. On other
 * hosts than the runtime's there is no such route.
 */
export function egressProxy(limits: EgressLimits = egressLimits): MiddlewareHandler<AppEnv> {
  const rate = new RateBound(limits.burst, limits.perSecond);
  return async (context, next) => {
    if (context.get("origins").role !== "runtime") return next();
    const admitted = await admit(context, EGRESS_PATH, rate);
    const { head: request, body, self, isSignedIn } = admitted;
    const { container } = admitted.claims;
    const target = readTarget(request.url, self);
    await requireStanding(admitted);
    const grants = grantsOf(context.env);
    if (!(await isGranted(grants, container, target))) {
      await body.cancel();
      throw notGranted(target);
    }
    const abort = new AbortController();
    const { silenceMs, recheckMs, totalMs, responseMaxBytes: maxBytes } = limits;
    const mayGoOn = confirming(
      async () => (await isSignedIn()) && (await isGranted(grants, container, target)),
    );
    const headers = outgoingHeaders(request.headers);
    const refusal = notGranted(target);
    const bounds = { silenceMs, recheckMs, mayGoOn };
    const answer = await send({ request, target, headers, body, refusal, ...bounds, abort });
    return passBack(answer, {
      headers: incomingHeaders(answer.headers),
      bounds: { maxBytes, totalMs, ...bounds },
      abort,
    });
  };
}
