import type { Redis } from "@upstash/redis";

/** What may be used once only: a relay ticket (SPEC rule OPEN-3), the claim of a sandbox link. */
type OneTimeKind = "ticket" | "claim";

/** The tokens that were used up; a signature alone cannot tell. */
export interface UsedTokens {
  /**
   * Uses a token up.
   *
   * @param jti the token's id (RFC 7519, section 4.1.7)
   * @param ttlSeconds how long to remember it: at least as long as the token is valid
   * @returns false when it was used before
   * @throws DiscoError `store_unavailable`: then the token must not be accepted
   */
  redeem(kind: OneTimeKind, jti: string, ttlSeconds: number): Promise<boolean>;
}

export function createUsedTokens(redis: Redis): UsedTokens {
  return {
    async redeem(kind, jti, ttlSeconds) {
      const answer = await redis.set(`${kind}:${jti}`, "used", { nx: true, ex: ttlSeconds });
      return answer === "OK";
    },
  };
}
