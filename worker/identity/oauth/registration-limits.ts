/** What registering may cost: everybody may do it, so nobody may do it without end. */
export const registrationLimits = {
  /** Of one address, or /64, in one hour; a person who tries things out stays far below. */
  perAddress: 20,
  /** Of all addresses in one day: bounds what a flood leaves in the store. */
  perDay: 2_000,
  /** Seconds that a client is kept which no person has said yes to. */
  unusedTtlS: 24 * 3_600,
} as const;
