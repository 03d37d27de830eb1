import { allows, type EgressTarget, type HostRule } from "#protocol/egress-rule.ts";
import { RULES_WAIT_MS, TOKEN_MARGIN_MS, TOKEN_WAIT_MS } from "./limits.ts";
import type { NetworkOrder } from "./messages.ts";

/** What the page has told the kernel of the network, and how to wait for it. */
export class Access {
  readonly #now: () => number;
  #wantToken: (() => void) | null = null;
  #rules: readonly HostRule[] | null = null;
  #token: { readonly token: string; readonly expiresAt: number } | null = null;
  #trouble = "This container has no network.";
  #changed = Promise.withResolvers<"told" | "failed">();
  local = false;

  /** @param now milliseconds since the epoch */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** @param wantToken asks the page for a token */
  open(wantToken: () => void): void {
    this.#wantToken = wantToken;
    this.#trouble = "The page does not say which hosts are allowed.";
  }

  obey(order: NetworkOrder): void {
    if (order.type === "rules") {
      this.#rules = order.rules;
      this.local = order.local;
    } else if (order.type === "token") this.#token = order;
    else this.#trouble = order.message;
    this.#changed.resolve(order.type === "failed" ? "failed" : "told");
    this.#changed = Promise.withResolvers();
  }

  allows(target: EgressTarget): boolean {
    return this.#rules?.some((rule) => allows(rule, target)) ?? false;
  }

  /**
   * Waits until the page has said what is allowed.
   *
   * @throws Error with words for whoever reads it
   */
  async ready(): Promise<void> {
    if (this.#wantToken === null) throw new Error(this.#trouble);
    await this.#until(() => this.#rules !== null, RULES_WAIT_MS);
  }

  /** @throws Error with words for whoever reads it */
  async token(): Promise<string> {
    const fresh = (): boolean =>
      this.#token !== null && this.#token.expiresAt - TOKEN_MARGIN_MS > this.#now();
    if (!fresh()) {
      this.#wantToken?.();
      await this.#until(fresh, TOKEN_WAIT_MS);
    }
    return this.#token?.token ?? "";
  }

  /** The next request asks for another one. */
  dropToken(): void {
    this.#token = null;
  }

  async #until(condition: () => boolean, timeoutMs: number): Promise<void> {
    const late = Promise.withResolvers<"late">();
    const timer = setTimeout(() => late.resolve("late"), timeoutMs);
    try {
      while (!condition()) {
        const said = await Promise.race([this.#changed.promise, late.promise]);
        if (said !== "told") throw new Error(this.#trouble);
      }
    } finally {
      clearTimeout(timer);
    }
  }
}
