import { DiscoError } from "#protocol/errors.ts";
import type { Operation } from "#protocol/operation.ts";

/**
 * The rule for operations that change something. Whoever gets this far has the operation's scope, and
 * nobody gets a scope but by the person: on the consent page, with an API key of theirs, or by the
 * token that `npm start` printed for them. That is the yes which `policy` asks for; one to the single
 * call, which `always` asks for, cannot be given yet.
 *
 * @throws DiscoError `insufficient_scope`
 */
export function checkPolicy(operation: Operation): void {
  if (operation.approval !== "always") return;
  throw new DiscoError(
    "insufficient_scope",
    `${operation.name} needs the person's approval, and nobody gave it for this call.`,
    { details: { scope: operation.scope } },
  );
}
