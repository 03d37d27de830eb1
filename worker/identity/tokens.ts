import { SignJWT, errors, jwtVerify } from "jose";
import * as z from "zod";
import { DiscoError } from "#protocol/errors.ts";
import { TICKET_TTL_S } from "#protocol/limits.ts";
import { type Scope, scopes } from "#protocol/operation.ts";

/*
 * First-party tokens: JWTs (RFC 7519) signed with HS256. One secret, one derived key per kind, so
 * that a token of one kind can never pass for another, whatever its claims say. Runs in plain Node
 * too, where the scripts mint the tokens of the local machine.
 */

const ISSUER = "disco";
const ALGORITHM = "HS256";

const HOUR_S = 3_600;
const DAY_S = 24 * HOUR_S;

/** Seconds of life. A local token is pasted into clients and works on this machine's loopback only. */
const API_TOKEN_TTL_S = 30 * DAY_S;
/** The link that `npm start` prints must work for as long as a working day's terminal stays open. */
export const CLAIM_TTL_S = DAY_S;
const BROWSER_TTL_S = 30 * DAY_S;
/** A page that is open renews it when it is asked for; of one that was closed it says little. */
export const EGRESS_TTL_S = 5 * 60;

const user = z.string().min(1).max(128);
/** Names a token that may be used once (RFC 7519, section 4.1.7). */
const jti = z.string().min(16).max(64);

/** What each kind of token says, besides issuer, audience and times. */
const kinds = {
  /** Bearer of the two faces. */
  api: {
    ttlS: API_TOKEN_TTL_S,
    claims: z.object({
      sub: user,
      client_id: z.string().min(1).max(128),
      client_name: z.string().min(1).max(200),
      scope: z.string().transform(parseScopes),
    }),
  },
  /** In the fragment of a sandbox link: lets one browser sign in. */
  claim: {
    ttlS: CLAIM_TTL_S,
    claims: z.object({ sub: user, name: z.string().min(1).max(200), jti }),
  },
  /** The browser's sign-in, in a cookie. */
  browser: {
    ttlS: BROWSER_TTL_S,
    claims: z.object({ sub: user, name: z.string().min(1).max(200) }),
  },
  /** Admits one socket of one user to one relay (SPEC rule OPEN-3). */
  ticket: {
    ttlS: TICKET_TTL_S,
    claims: z.object({
      sub: user,
      container: z.string().min(1).max(128),
      jti,
    }),
  },
  /** Lets the programs of one container ask for the hosts that it was allowed, and for no other. */
  egress: {
    ttlS: EGRESS_TTL_S,
    claims: z.object({ sub: user, container: z.string().min(1).max(128) }),
  },
} as const;

export type TokenKind = keyof typeof kinds;
export type TokenInput<Kind extends TokenKind> = z.input<(typeof kinds)[Kind]["claims"]>;
export type TokenClaims<Kind extends TokenKind> = z.output<(typeof kinds)[Kind]["claims"]>;

function parseScopes(text: string): Scope[] {
  return text.split(" ").filter((scope): scope is Scope => scopes.includes(scope as Scope));
}

const derivedKeys = new Map<string, Promise<Uint8Array>>();

function keyOf(secret: string, kind: TokenKind): Promise<Uint8Array> {
  const name = `${kind}:${secret}`;
  let key = derivedKeys.get(name);
  if (key === undefined) {
    key = deriveKey(secret, kind);
    derivedKeys.set(name, key);
  }
  return key;
}

/** HKDF with SHA-256 (RFC 5869); the kind is the `info`. */
async function deriveKey(secret: string, kind: TokenKind): Promise<Uint8Array> {
  const text = new TextEncoder();
  const master = await crypto.subtle.importKey("raw", text.encode(secret), "HKDF", false, [
    "deriveBits",
  ]);
  const parameters = {
    name: "HKDF",
    hash: "SHA-256",
    salt: text.encode("disco tokens"),
    info: text.encode(`disco:${kind}`),
  };
  return new Uint8Array(await crypto.subtle.deriveBits(parameters, master, 256));
}

/**
 * @param options.ttlS seconds of life, at most the kind's own
 * @param options.now seconds since the epoch
 */
export async function mintToken<Kind extends TokenKind>(
  secret: string,
  kind: Kind,
  claims: TokenInput<Kind>,
  options: { ttlS?: number; now?: number } = {},
): Promise<string> {
  const now = options.now ?? Math.floor(Date.now() / 1_000);
  const ttlS = Math.min(options.ttlS ?? Infinity, kinds[kind].ttlS);
  return new SignJWT(claims)
    .setProtectedHeader({ alg: ALGORITHM, typ: "JWT" })
    .setIssuer(ISSUER)
    .setAudience(`disco:${kind}`)
    .setIssuedAt(now)
    .setExpirationTime(now + ttlS)
    .sign(await keyOf(secret, kind));
}

/**
 * @returns the claims of a valid token of this kind
 * @throws DiscoError `unauthenticated` for every other token
 */
export async function verifyToken<Kind extends TokenKind>(
  secret: string,
  kind: Kind,
  token: string,
): Promise<TokenClaims<Kind>> {
  try {
    const { payload } = await jwtVerify(token, await keyOf(secret, kind), {
      algorithms: [ALGORITHM],
      issuer: ISSUER,
      audience: `disco:${kind}`,
      requiredClaims: ["exp", "iat", "sub"],
      maxTokenAge: kinds[kind].ttlS,
    });
    return kinds[kind].claims.parse(payload) as TokenClaims<Kind>;
  } catch (error) {
    const expired = error instanceof errors.JWTExpired;
    const message = expired ? "The token has expired." : "The token is not valid here.";
    throw new DiscoError("unauthenticated", message, { cause: error });
  }
}

/** The one user of local mode. */
export const LOCAL_USER = { id: "local", name: "You" } as const;

/** Bearer token of this machine's user, with every scope. */
export function mintLocalToken(secret: string, clientName = "local token"): Promise<string> {
  return mintToken(secret, "api", {
    sub: LOCAL_USER.id,
    client_id: "local",
    client_name: clientName,
    scope: scopes.join(" "),
  });
}

/** Claim of this machine's user, for the fragment of one sandbox link. */
export function mintLocalClaim(secret: string): Promise<string> {
  const { id: sub, name } = LOCAL_USER;
  return mintToken(secret, "claim", { sub, name, jti: crypto.randomUUID() });
}
