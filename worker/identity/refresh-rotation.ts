import type { RefreshFamily } from "../store/refresh-families.ts";

/**
 * Milliseconds in which the token before the current one may be shown again: the answer that brought the
 * new one was lost, or two programs of one client refreshed at once. It gets the same one again, so that
 * nothing is forked.
 */
export const GRACE_MS = 10_000;

/** What becomes of a family when one of its refresh tokens is shown. */
export type Rotation =
  /** The next token is given, or for a lost answer given again: `family.current`. */
  | { readonly outcome: "given"; readonly family: RefreshFamily }
  /** Somebody else has the token: the family ends, for the thief and for the client. */
  | { readonly outcome: "reused"; readonly family: null }
  | { readonly outcome: "expired"; readonly family: null };

/**
 * Rotation of refresh tokens with detection of reuse (RFC 9700, section 4.14.2).
 *
 * @param shown number of the token within its family
 * @param now milliseconds since the epoch
 */
export function rotate(family: RefreshFamily, shown: number, now: number): Rotation {
  if (now >= family.endsAt) return { outcome: "expired", family: null };
  if (shown === family.current) {
    return { outcome: "given", family: { ...family, current: shown + 1, rotatedAt: now } };
  }
  const isLostAnswer = shown === family.current - 1 && now - family.rotatedAt < GRACE_MS;
  return isLostAnswer ? { outcome: "given", family } : { outcome: "reused", family: null };
}
