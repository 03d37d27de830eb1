import type { Redis } from "@upstash/redis";

const ticketKey = (jti: string): string => `ticket:${jti}`;

/** The relay tickets that were used; a signature alone cannot tell (SPEC rule OPEN-3). */
export interface Tickets {
  /**
   * Uses a ticket up.
   *
   * @param jti the ticket's id (RFC 7519, section 4.1.7)
   * @param ttlSeconds how long to remember it: at least as long as the ticket is valid
   * @returns false when it was used before
   * @throws DiscoError `store_unavailable`: then the ticket must not be accepted
   */
  redeem(jti: string, ttlSeconds: number): Promise<boolean>;
}

export function createTickets(redis: Redis): Tickets {
  return {
    async redeem(jti, ttlSeconds) {
      const answer = await redis.set(ticketKey(jti), "used", { nx: true, ex: ttlSeconds });
      return answer === "OK";
    },
  };
}
