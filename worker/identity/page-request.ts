import { getCookie } from "hono/cookie";
import type * as z from "zod";
import { DiscoError } from "#protocol/errors.ts";
import type { AppContext } from "../http/app-env.ts";
import { readJson } from "../http/body.ts";
import { servingConfig } from "../http/configured.ts";
import type { RouteHandler } from "../http/routes.ts";
import { requirePageOrigin } from "./page-origin.ts";
import { type TokenClaims, verifyToken } from "./tokens.ts";

/** The prefix makes browsers refuse it from any other host or path (RFC 6265bis, section 4.1.3.2). */
export const COOKIE = "__Host-disco";

/** A route of the sandbox page's own: exact origin, never for clients, never kept. */
export function fromPage(handler: RouteHandler): RouteHandler {
  return async (context) => {
    requirePageOrigin(context);
    const response = await handler(context);
    response.headers.set("Cache-Control", "no-store");
    return response;
  };
}

/** @throws DiscoError `unauthenticated` */
export async function signedIn(context: AppContext): Promise<TokenClaims<"browser">> {
  const { secret } = servingConfig(context);
  const token = getCookie(context, COOKIE);
  if (token === undefined)
    throw new DiscoError("unauthenticated", "This browser is not signed in.");
  return verifyToken(secret, "browser", token);
}

/** @throws DiscoError `invalid_input`, and what `readJson` throws */
export async function readBody<Body>(context: AppContext, schema: z.ZodType<Body>): Promise<Body> {
  const parsed = schema.safeParse(await readJson(context.req.raw));
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
  throw new DiscoError("invalid_input", issues.join("; ").slice(0, 1_000));
}
