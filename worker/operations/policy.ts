import { DiscoError } from "#protocol/errors.ts";
import type { Operation } from "#protocol/operation.ts";

/**
 * The rule for operations that change something: on this machine's loopback the caller holds the
 * token that its person printed, and that is the yes. Everywhere else a change needs a yes that can
 * be shown, and without one it is refused.
 *
 * @throws DiscoError `insufficient_scope`
 */
export function checkPolicy(operation: Operation, caller: { readonly local: boolean }): void {
  if (operation.approval === "never") return;
  if (operation.approval === "policy" && caller.local) return;
  throw new DiscoError(
    "insufficient_scope",
    `${operation.name} needs the person's approval, and nobody gave it for this call.`,
    { details: { scope: operation.scope } },
  );
}
