import { setTimeout } from "node:timers/promises";
import type { Page } from "playwright";
import { aborted } from "./shutdown.ts";

/** Milliseconds between two looks. */
const LOOK_MS = 1_000;
/** Milliseconds without any tab after which the one that took over has gone: its own reload takes less. */
const GONE_AFTER_MS = 5_000;

/** What one look found. */
export interface Look {
  /** Our page has given way to another tab. */
  readonly isTakenOver: boolean;
  /** The relay has no tab. */
  readonly isAlone: boolean;
  /** Milliseconds on any steady clock. */
  readonly at: number;
}

/**
 * Since when a page that gave way is the only one left; null while it is not. A tab that lives is
 * never taken over from here, so that two of them cannot fight.
 */
export function aloneSince(before: number | null, look: Look): number | null {
  if (!look.isTakenOver || !look.isAlone) return null;
  return before ?? look.at;
}

/**
 * Runs the container in this page again whenever a tab that took it over has gone, and another one when
 * this one was deleted, until the signal.
 */
export async function takeBackWhenAlone(
  page: Page,
  isAlone: () => Promise<boolean>,
  signal: AbortSignal,
): Promise<void> {
  const button = page.getByRole("button", { name: "Run it here" }).first();
  const openOwn = page.getByRole("button", { name: "Open your own container" });
  let since: number | null = null;
  while (!signal.aborted) {
    await Promise.race([setTimeout(LOOK_MS), aborted(signal)]);
    const isDeleted = await openOwn.isVisible().catch(() => false);
    if (isDeleted) await openOwn.click({ timeout: LOOK_MS }).catch(() => {});
    const isTakenOver = await button.isVisible().catch(() => false);
    const look = { isTakenOver, isAlone: isTakenOver && (await isAlone()), at: performance.now() };
    since = aloneSince(since, look);
    if (since === null || look.at - since < GONE_AFTER_MS) continue;
    since = null;
    await button.click({ timeout: LOOK_MS }).catch(() => {});
  }
}
