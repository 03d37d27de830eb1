import type { Operation } from "#protocol/operation.ts";

/** Who may call a tool, as hosts read it: what a client lacks it can ask for beforehand. */
export interface SecurityScheme {
  readonly type: "oauth2";
  readonly scopes: readonly string[];
}

export function securitySchemesOf({ scope }: Operation): readonly SecurityScheme[] {
  return [{ type: "oauth2", scopes: [scope] }];
}
