import type { Hono } from "hono";
import * as z from "zod";
import type { AppContext, AppEnv } from "../../http/app-env.ts";
import { clientNetwork } from "../../http/client-network.ts";
import { servingConfig } from "../../http/configured.ts";
import { addRoute } from "../../http/routes.ts";
import { recordKey } from "../../store/oauth-records.ts";
import { createRedis } from "../../store/redis.ts";
import { readShort } from "./form.ts";
import { oauthError, oauthErrorOf } from "./oauth-error.ts";
import { isAcceptableRedirect } from "./redirect-uri.ts";
import { registrationLimits } from "./registration-limits.ts";
import { fingerprint } from "./secrets.ts";
import { CLIENT_TTL_S, oauthServer, paths } from "./server.ts";

const HOUR_S = 3_600;
const DAY_S = 24 * HOUR_S;

const Registration = z.looseObject({
  redirect_uris: z.array(z.string().max(2_000)).min(1).max(20),
  client_name: z.string().max(200).optional(),
});

/** Dynamic client registration (RFC 7591), for clients that have no document of their own. */
export function addRegistrationRoute(app: Hono<AppEnv>): void {
  addRoute(app, paths.register, { POST: register });
}

async function register(context: AppContext): Promise<Response> {
  servingConfig(context);
  try {
    const text = await readShort(context.req.raw);
    const problem = problemOf(text);
    if (problem !== null) return oauthError("invalid_client_metadata", problem);
    const busy = await overLimit(context);
    if (busy !== null) return oauthError("temporarily_unavailable", busy, 429);
    const server = oauthServer(context);
    const headers = { "Content-Type": "application/json" };
    const request = { method: "POST", headers, body: text };
    const response = await server.fetch(new Request(server.issuer + paths.register, request));
    if (response.ok)
      await keepFor(context, await clientIdOf(response), registrationLimits.unusedTtlS);
    return response;
  } catch (error) {
    return oauthErrorOf(error);
  }
}

/** A client that a person said yes to stays; the library renews it while it asks for tokens. */
export async function keepClient(context: AppContext, id: string): Promise<void> {
  await keepFor(context, id, CLIENT_TTL_S);
}

/** Without effect on clients that never registered. */
async function keepFor(context: AppContext, id: string, ttlS: number): Promise<void> {
  await createRedis(context.env).expire(recordKey(`client:${id}`), ttlS);
}

async function clientIdOf(response: Response): Promise<string> {
  const { client_id } = (await response.clone().json()) as { client_id: string };
  return client_id;
}

/** What the library would let pass: each address must be one that we would ever send a code to. */
function problemOf(text: string): string | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return "The body is not JSON.";
  }
  const parsed = Registration.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return `${issue?.path.join(".") || "The body"}: ${issue?.message ?? "is not valid"}`;
  }
  if (parsed.data.redirect_uris.some(isAcceptableRedirect)) return null;
  return "redirect_uris: none is https, or http on loopback, without user name and fragment.";
}

/** @returns a sentence when one of the two counters is over its limit */
async function overLimit(context: AppContext): Promise<string | null> {
  const redis = createRedis(context.env);
  const now = Math.floor(Date.now() / 1_000);
  const address = await fingerprint(clientNetwork(context));
  const hour = `oauth:registrations:${Math.floor(now / HOUR_S)}:${address}`;
  const day = `oauth:registrations:${Math.floor(now / DAY_S)}`;
  const ofAddress = await redis.incr(hour);
  if (ofAddress === 1) await redis.expire(hour, HOUR_S);
  if (ofAddress > registrationLimits.perAddress) return "Too many registrations; try in an hour.";
  const ofDay = await redis.incr(day);
  if (ofDay === 1) await redis.expire(day, DAY_S);
  return ofDay > registrationLimits.perDay ? "Too many registrations today." : null;
}
