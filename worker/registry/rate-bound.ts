/** Addresses that are remembered; past it the one that was quiet the longest is forgotten. */
const ADDRESSES_MAX = 10_000;

interface Bucket {
  tokens: number;
  atMs: number;
}

/**
 * A token bucket per client address. It lives in one isolate, so it bounds what one machine of the
 * edge passes on, not the sum of all: enough that nobody turns the proxy into a mirror.
 */
export class RateBound {
  readonly #buckets = new Map<string, Bucket>();
  readonly #burst: number;
  readonly #perSecond: number;
  readonly #now: () => number;

  /** @param now clock in milliseconds */
  constructor(burst: number, perSecond: number, now: () => number = Date.now) {
    this.#burst = burst;
    this.#perSecond = perSecond;
    this.#now = now;
  }

  /** Takes one request from the address's bucket; false when it is empty. */
  take(address: string): boolean {
    const now = this.#now();
    const known = this.#buckets.get(address) ?? { tokens: this.#burst, atMs: now };
    const won = ((now - known.atMs) / 1_000) * this.#perSecond;
    const tokens = Math.min(this.#burst, known.tokens + won);
    const allowed = tokens >= 1;
    this.#buckets.delete(address);
    this.#buckets.set(address, { tokens: allowed ? tokens - 1 : tokens, atMs: now });
    for (const oldest of this.#buckets.keys()) {
      if (this.#buckets.size <= ADDRESSES_MAX) break;
      this.#buckets.delete(oldest);
    }
    return allowed;
  }
}
