import type { Scope } from "#protocol/operation.ts";

/** What a bearer token that was verified says; whether it still counts, the store says (admission.ts). */
export interface Credential {
  /** Id of the user. */
  readonly user: string;
  readonly clientId: string;
  /** The client's own claim; untrusted text. */
  readonly clientName: string;
  readonly scopes: readonly Scope[];
  /** Id of the client's session, which must still be open; null: this machine's own token. */
  readonly session: string | null;
  /** Id of the chain of refresh tokens that the token comes from, where there is one. */
  readonly family?: string;
  /** Seconds since the epoch; what was issued before a sign-out everywhere is worth nothing. */
  readonly issuedAt: number;
}
