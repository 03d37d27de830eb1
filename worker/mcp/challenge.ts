import type { DiscoError } from "#protocol/errors.ts";
import type { Operation } from "#protocol/operation.ts";
import { challengeFor } from "../identity/authenticate.ts";

/** Where ChatGPT finds, in the result of a call, that more access is needed. */
const CHALLENGE_META_KEY = "mcp/www_authenticate";

/** What a tool's own access looks like; a client that lacks a scope can ask for it beforehand. */
export interface SecurityScheme {
  readonly type: "oauth2";
  readonly scopes: readonly string[];
}

export function securitySchemesOf({ scope }: Operation): readonly SecurityScheme[] {
  return [{ type: "oauth2", scopes: [scope] }];
}

/** A call was made with a token, or it would not have come as far. */
const withToken = new Headers({ Authorization: "Bearer" });

/** The challenge of a failed call as `_meta`; nothing when no other token would help. */
export function challengeMeta(error: DiscoError): Record<string, readonly string[]> {
  const challenge = challengeFor(error, withToken);
  return challenge === null ? {} : { [CHALLENGE_META_KEY]: [challenge] };
}
