import type { Redis } from "@upstash/redis";
import { endGrant, type GrantName, isEnded, libraryId, noteEnd, readGrant } from "./grant-end.ts";
import { oauthError } from "./oauth-error.ts";
import { fingerprint } from "./secrets.ts";
import type { OAuthServer } from "./server.ts";

/** Seconds; longer than a code is valid (600), so that its record outlives it. */
const REDEEMED_TTL_S = 900;

const codeKey = (hash: string): string => `oauth:code:${hash}`;

/**
 * Redeems a code once (OAuth 2.1 draft, section 4.1.3). The library reads, checks and writes in turn,
 * so that parallel requests would all pass; here one of them is let through. Whoever shows the code
 * beside or after it is refused, and everything that the code gave ends: one of the two was not the
 * client, and nobody can tell which.
 *
 * @param exchange hands the request to the library
 */
export async function redeemCode(
  server: OAuthServer,
  redis: Redis,
  { code, name }: { readonly code: string; readonly name: GrantName },
  exchange: () => Promise<Response>,
): Promise<Response> {
  const key = codeKey(await fingerprint(code));
  if ((await redis.set(key, "busy", { nx: true, ex: REDEEMED_TTL_S })) !== "OK") {
    await endWhatItGave(server, redis, { code, name, key });
    return oauthError("invalid_grant", "The authorization code was used already.");
  }
  let response: Response | undefined;
  try {
    response = await exchange();
  } finally {
    // A request that was refused, for its verifier say, has used nothing up.
    if (response?.ok !== true) await redis.del(key);
  }
  if (!response.ok) return response;
  await redis.set(key, "done", { xx: true, keepTtl: true });
  // Shown again meanwhile: by then there was nothing to end yet.
  if (await isEnded(redis, name)) await server.helpers.revokeGrant(name.grant, name.user);
  return response;
}

/** Only for a code that was really given: a guess must not end anybody's grant. */
async function endWhatItGave(
  server: OAuthServer,
  redis: Redis,
  { code, name, key }: { code: string; name: GrantName; key: string },
): Promise<void> {
  const grant = await readGrant(server, name);
  if (grant?.authCodeId !== (await libraryId(code))) return;
  await noteEnd(redis, name);
  // While it is busy, who redeems it must find the grant; it looks for the note afterwards.
  if ((await redis.get<string>(key)) === "done") await endGrant(server, redis, name);
}
