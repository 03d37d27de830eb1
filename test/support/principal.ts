import { scopes } from "#protocol/operation.ts";
import type { Principal } from "#worker/identity/principal.ts";

/** A client with every scope, bound to the container `c1`. */
export function testPrincipal(given: Partial<Principal> = {}): Principal {
  return {
    user: "u1",
    client: { id: "k", name: "k" },
    scopes,
    session: { id: "s_1", type: "api", container: { id: "c1", name: "default" }, isDefault: true },
    ...given,
  };
}
