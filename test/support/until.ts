import { vi } from "vitest";

/** A busy machine takes its time; what does not come in it does not come. */
const TIMEOUT_MS = 10_000;
const INTERVAL_MS = 20;

/** Waits until the expectations hold. */
export function until(check: () => void | Promise<void>): Promise<void> {
  return vi.waitFor(check, { timeout: TIMEOUT_MS, interval: INTERVAL_MS });
}
