import type { Redis } from "@upstash/redis";
import { compactDecrypt, CompactEncrypt } from "jose";
import {
  endGrant,
  type GrantName,
  type GrantRecord,
  isEnded,
  libraryId,
  readGrant,
} from "./grant-end.ts";
import { oauthError } from "./oauth-error.ts";
import { fingerprint } from "./secrets.ts";
import type { OAuthServer } from "./server.ts";

/**
 * Seconds in which the same request gets the same answer again: a client whose connection broke asks
 * again within its own time-out, mostly 30 s.
 */
const GRACE_S = 30;

/** Milliseconds to wait for a rotation that another request has begun, and between two looks. */
const WAIT_MAX_MS = 3_000;
const WAIT_STEP_MS = 50;

/** A request to rotate a refresh token. */
export interface Rotation {
  readonly token: string;
  readonly name: GrantName;
  /** Everything that the client sent, its authentication included. */
  readonly request: string;
}

const busyKey = (hash: string): string => `oauth:refresh:${hash}`;
const answerKey = (hash: string): string => `oauth:refresh-answer:${hash}`;

/**
 * Rotates a refresh token once (OAuth 2.1 draft, section 4.3.1). The library lets the former token
 * rotate again, as often as one likes, until the new one is used, and says nothing when an older one
 * appears. Here a token makes one successor: the same request gets the same answer for a moment, and
 * any other use of a token that was rotated ends the grant, because thief and client cannot be told
 * apart.
 *
 * @param exchange hands the request to the library
 */
export async function rotateRefresh(
  server: OAuthServer,
  redis: Redis,
  rotation: Rotation,
  exchange: () => Promise<Response>,
): Promise<Response> {
  const { token, name } = rotation;
  const grant = await readGrant(server, name);
  // The library knows what to say when there is no such grant.
  if (grant === null) return exchange();
  const busy = busyKey(await fingerprint(token));
  const standing = await standingOf(token, grant);
  const isFirst = standing === "current" && (await take(redis, busy));
  if (isFirst) return rotate(server, redis, { ...rotation, busy }, exchange);
  const answer = await answerOf(redis, rotation, busy);
  if (answer !== null) return answer;
  await endGrant(server, redis, name);
  return oauthError("invalid_grant", "The refresh token was used already; its grant has ended.");
}

type Standing = "current" | "rotated";

/** Only holders of one of the grant's tokens know its id, so an unknown one is an old one. */
async function standingOf(token: string, grant: GrantRecord): Promise<Standing> {
  return (await libraryId(token)) === grant.refreshTokenId ? "current" : "rotated";
}

async function take(redis: Redis, busy: string): Promise<boolean> {
  return (await redis.set(busy, "busy", { nx: true, ex: GRACE_S })) === "OK";
}

async function rotate(
  server: OAuthServer,
  redis: Redis,
  { name, request, busy }: Rotation & { readonly busy: string },
  exchange: () => Promise<Response>,
): Promise<Response> {
  let response: Response | undefined;
  try {
    response = await exchange();
  } finally {
    if (response?.ok !== true) await redis.del(busy);
  }
  if (!response.ok) return response;
  if (await isEnded(redis, name)) {
    await server.helpers.revokeGrant(name.grant, name.user);
    return oauthError("invalid_grant", "The grant has ended.");
  }
  const text = await response.clone().text();
  const key = answerKey(await fingerprint(request));
  await redis.set(key, await sealAnswer(request, text), { ex: GRACE_S });
  return response;
}

/** The answer that the same request got a moment ago, or gets just now. */
async function answerOf(
  redis: Redis,
  { request }: Rotation,
  busy: string,
): Promise<Response | null> {
  const key = answerKey(await fingerprint(request));
  const late = Date.now() + WAIT_MAX_MS;
  for (;;) {
    const sealed = await redis.get<string>(key);
    if (sealed !== null) {
      const text = await openAnswer(request, sealed);
      const headers = { "Content-Type": "application/json", "Cache-Control": "no-store" };
      return new Response(text, { headers });
    }
    if (Date.now() > late || (await redis.exists(busy)) === 0) return null;
    await new Promise((resolve) => setTimeout(resolve, WAIT_STEP_MS));
  }
}

/** Tokens are not kept readable: only who sends the request again can open its answer. */
async function sealAnswer(request: string, answer: string): Promise<string> {
  return new CompactEncrypt(new TextEncoder().encode(answer))
    .setProtectedHeader({ alg: "dir", enc: "A256GCM" })
    .encrypt(await sealingKey(request));
}

async function openAnswer(request: string, sealed: string): Promise<string> {
  const { plaintext } = await compactDecrypt(sealed, await sealingKey(request));
  return new TextDecoder().decode(plaintext);
}

/** The request holds the refresh token: 190 random bits that are kept nowhere. */
async function sealingKey(request: string): Promise<Uint8Array> {
  const text = new TextEncoder().encode(`disco refresh answer\n${request}`);
  return new Uint8Array(await crypto.subtle.digest("SHA-256", text));
}
