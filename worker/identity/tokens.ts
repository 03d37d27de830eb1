import { errors, type JWTPayload, jwtVerify, SignJWT } from "jose";
import type * as z from "zod";
import { DiscoError } from "#protocol/errors.ts";
import { scopes } from "#protocol/operation.ts";
import { localRealm, type Realm } from "./realm.ts";
import { type SigningKey, signingKeyOf } from "./signing-keys.ts";
import { kinds, type TokenKind } from "./token-kinds.ts";

/*
 * First-party tokens: JWTs (RFC 7519) signed with EdDSA. One key per kind, derived from the secret, and
 * an explicit type (RFC 8725, section 3.11), so that a token of one kind can never pass for another.
 * Runs in plain Node too, where the scripts mint the tokens of the local machine.
 */

const ALGORITHM = "EdDSA";

/** Seconds by which the clocks of two machines of the edge may differ. */
const CLOCK_SKEW_S = 5;

export type TokenInput<Kind extends TokenKind> = z.input<(typeof kinds)[Kind]["claims"]>;
export type TokenClaims<Kind extends TokenKind> = z.output<(typeof kinds)[Kind]["claims"]> & {
  /** Seconds since the epoch. */
  readonly issuedAt: number;
  /** Seconds since the epoch. */
  readonly expiresAt: number;
};

const audienceOf = (kind: TokenKind): string => `disco:${kind}`;

/**
 * @param options.ttlS seconds of life, at most the kind's own
 * @param options.now seconds since the epoch
 */
export async function mintToken<Kind extends TokenKind>(
  { issuer, secrets: [secret] }: Realm,
  kind: Kind,
  claims: TokenInput<Kind>,
  options: { ttlS?: number; now?: number } = {},
): Promise<string> {
  const now = options.now ?? Math.floor(Date.now() / 1_000);
  const ttlS = Math.min(options.ttlS ?? Infinity, kinds[kind].ttlS);
  const { kid, privateKey } = await signingKeyOf(secret, kind);
  return new SignJWT(claims)
    .setProtectedHeader({ alg: ALGORITHM, typ: kinds[kind].typ, kid })
    .setIssuer(issuer)
    .setAudience(audienceOf(kind))
    .setIssuedAt(now)
    .setExpirationTime(now + ttlS)
    .sign(privateKey);
}

/**
 * The key is the one that the token's `kid` names among ours. What else a header may say about keys
 * (`jwk`, `jku`, `x5c`) counts for nothing.
 *
 * @returns the claims of a valid token of this kind
 * @throws DiscoError `unauthenticated` for every other token
 */
export async function verifyToken<Kind extends TokenKind>(
  realm: Realm,
  kind: Kind,
  token: string,
): Promise<TokenClaims<Kind>> {
  try {
    const keys = await keysOf(realm, kind);
    const keyFor = ({ kid }: { kid?: string }) => {
      const key = keys.find((one) => one.kid === kid);
      if (key === undefined) throw new errors.JWKSNoMatchingKey();
      return key.publicKey;
    };
    const { payload } = await jwtVerify(token, keyFor, {
      algorithms: [ALGORITHM],
      issuer: realm.issuer,
      audience: audienceOf(kind),
      typ: kinds[kind].typ,
      requiredClaims: ["exp", "iat", "sub"],
    });
    const times = timesOf(payload, kinds[kind].ttlS);
    const claims: object = kinds[kind].claims.parse(payload);
    return { ...claims, ...times } as TokenClaims<Kind>;
  } catch (error) {
    const expired = error instanceof errors.JWTExpired;
    const message = expired ? "The token has expired." : "The token is not valid here.";
    throw new DiscoError("unauthenticated", message, { cause: error });
  }
}

/** What `exp` promises is no longer than the kind may live, and begins no later than now. */
function timesOf({ iat = Infinity, exp = Infinity }: JWTPayload, ttlS: number) {
  const now = Math.floor(Date.now() / 1_000);
  if (iat > now + CLOCK_SKEW_S || exp - iat > ttlS) throw new errors.JWTInvalid("Wrong times.");
  return { issuedAt: iat, expiresAt: exp };
}

/** The keys that tokens of this kind are signed with, the current one first. */
export function keysOf({ secrets }: Realm, kind: TokenKind): Promise<SigningKey[]> {
  return Promise.all(secrets.map((secret) => signingKeyOf(secret, kind)));
}

/** The one user of local mode. */
export const LOCAL_USER = { id: "local", name: "You" } as const;

/** Bearer token of this machine's user, with every scope. */
export function mintLocalToken(secret: string, clientName = "local token"): Promise<string> {
  return mintToken(localRealm(secret), "local", {
    sub: LOCAL_USER.id,
    client_id: "local",
    client_name: clientName,
    scope: scopes.join(" "),
  });
}

/** Claim of this machine's user, for the fragment of one sandbox link. */
export function mintLocalClaim(secret: string): Promise<string> {
  const { id: sub, name } = LOCAL_USER;
  return mintToken(localRealm(secret), "claim", { sub, name, jti: crypto.randomUUID() });
}
