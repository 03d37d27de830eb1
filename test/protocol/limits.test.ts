import { expect, it } from "vitest";
import {
  ATTACH_GRACE_MS,
  CALL_SETTLE_GRACE_MS,
  CALL_TIMEOUT_DEFAULT_MS,
  CALL_WAIT_MAX_MS,
} from "#protocol/limits.ts";

/** What a call without a tab may take, grace and way there and back (SPEC END-5). */
const NO_TAB_MAX_MS = 2_000;
/** Milliseconds for the way, which no constant of ours decides. */
const WAY_MS = 400;

it("leaves the way there and back its time when no tab is attached [END-5]", () => {
  expect(ATTACH_GRACE_MS + WAY_MS).toBeLessThanOrEqual(NO_TAB_MAX_MS);
});

it("settles a call of the usual time before its caller stops waiting", () => {
  expect(CALL_TIMEOUT_DEFAULT_MS + CALL_SETTLE_GRACE_MS).toBeLessThan(CALL_WAIT_MAX_MS);
});
