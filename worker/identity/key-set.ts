import type { Hono } from "hono";
import type { AppContext, AppEnv } from "../http/app-env.ts";
import { servingConfig } from "../http/configured.ts";
import { addRoute } from "../http/routes.ts";
import { realmOf } from "./realm.ts";
import { keysOf } from "./tokens.ts";

export const KEY_SET_PATH = "/.well-known/jwks.json";

/** The keys that access tokens are signed with, for whoever wants to check one (RFC 7517, section 5). */
export function addKeySetRoute(app: Hono<AppEnv>): void {
  addRoute(app, KEY_SET_PATH, { GET: keySet });
}

async function keySet(context: AppContext): Promise<Response> {
  const keys = await keysOf(realmOf(servingConfig(context)), "access");
  const headers = { "Content-Type": "application/jwk-set+json", "Cache-Control": "max-age=300" };
  return context.body(JSON.stringify({ keys: keys.map(({ jwk }) => jwk) }), 200, headers);
}
