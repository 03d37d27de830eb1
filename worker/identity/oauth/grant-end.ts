import type { Redis } from "@upstash/redis";
import * as z from "zod";
import type { OAuthServer } from "./server.ts";

/** Seconds; longer than any request for a token can be on its way. */
const ENDED_TTL_S = 60;

/** A grant as its tokens and codes name it: `user:grant:secret`. */
export interface GrantName {
  readonly user: string;
  readonly grant: string;
}

/** What is read of the library's record of a grant. */
const GrantRecord = z.object({
  clientId: z.string(),
  authCodeId: z.string().optional(),
  refreshTokenId: z.string().optional(),
  previousRefreshTokenId: z.string().optional(),
});
export type GrantRecord = z.infer<typeof GrantRecord>;

const endedKey = ({ user, grant }: GrantName): string => `oauth:ended:${user}:${grant}`;

/** @returns null for what is no token or code of the library's */
export function grantOf(secret: string): GrantName | null {
  const [, user = "", grant = ""] = /^([^:]{1,128}):([\w-]{16}):[\w-]{32}$/.exec(secret) ?? [];
  return grant === "" ? null : { user, grant };
}

export async function readGrant(
  { records }: OAuthServer,
  { user, grant }: GrantName,
): Promise<GrantRecord | null> {
  const record = await records.get(`grant:${user}:${grant}`, { type: "json" });
  return record === null ? null : GrantRecord.parse(record);
}

/** The name under which the library keeps a code or token: SHA-256 in hexadecimal. */
export async function libraryId(secret: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(secret));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * Notes that a grant has ended, so that a request for a token which is under way at this moment ends
 * what it makes.
 */
export async function noteEnd(redis: Redis, name: GrantName): Promise<void> {
  await redis.set(endedKey(name), "ended", { ex: ENDED_TTL_S });
}

export async function isEnded(redis: Redis, name: GrantName): Promise<boolean> {
  return (await redis.exists(endedKey(name))) === 1;
}

/** Ends a grant with all its tokens, also those that are being made. */
export async function endGrant(server: OAuthServer, redis: Redis, name: GrantName): Promise<void> {
  await noteEnd(redis, name);
  await server.helpers.revokeGrant(name.grant, name.user);
}
