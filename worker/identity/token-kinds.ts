import * as z from "zod";
import { TICKET_TTL_S } from "#protocol/limits.ts";
import { type Scope, scopes } from "#protocol/operation.ts";

const MINUTE_S = 60;
const DAY_S = 24 * 60 * MINUTE_S;

/** Seconds of life of an access token: as long as a stolen one that nobody revokes is of use. */
export const ACCESS_TTL_S = 15 * MINUTE_S;
/** A local token is pasted into clients, and works on this machine's loopback only. */
const LOCAL_TTL_S = 30 * DAY_S;
/** The link that `npm start` prints must work for as long as a working day's terminal stays open. */
export const CLAIM_TTL_S = DAY_S;
/** Of a browser's sign-in, which its record in the store can end at any time. */
export const BROWSER_TTL_S = 30 * DAY_S;
/** A page that is open renews it when it is asked for; of one that was closed it says little. */
export const EGRESS_TTL_S = 5 * MINUTE_S;

const user = z.string().min(1).max(128);
const container = z.string().min(1).max(128);
const name = z.string().min(1).max(200);
/** Names a token that may be used once (RFC 7519, section 4.1.7). */
const jti = z.string().min(16).max(64);
/** Id of a record of the store, without which the token is worth nothing. */
const recordId = z.string().min(16).max(64);

/** The client that a bearer token of the faces acts for, and what it may do (RFC 9068). */
const client = {
  sub: user,
  client_id: z.string().min(1).max(128),
  client_name: name,
  scope: z.string().transform(parseScopes),
};

/** What each kind of token says, besides issuer, audience and times. */
export const kinds = {
  /** Bearer of the two faces; `sid` is the client's session, `family` its chain of refresh tokens. */
  access: {
    ttlS: ACCESS_TTL_S,
    typ: "at+jwt",
    claims: z.object({ ...client, sid: recordId, family: recordId }),
  },
  /** Bearer of the two faces on this machine; a deployment takes none. */
  local: { ttlS: LOCAL_TTL_S, typ: "disco-local+jwt", claims: z.object(client) },
  /** In the fragment of a sandbox link: lets one browser of this machine sign in. */
  claim: { ttlS: CLAIM_TTL_S, typ: "disco-claim+jwt", claims: z.object({ sub: user, name, jti }) },
  /** The browser's sign-in, in a cookie; `sid` is its record. */
  browser: {
    ttlS: BROWSER_TTL_S,
    typ: "disco-browser+jwt",
    claims: z.object({ sub: user, name, sid: recordId }),
  },
  /** Admits one socket of one user to one relay, as its tab (SPEC rule OPEN-3). */
  ticket: {
    ttlS: TICKET_TTL_S,
    typ: "disco-ticket+jwt",
    claims: z.object({ sub: user, container, role: z.literal("tab"), sid: recordId, jti }),
  },
  /** Lets the programs of one container ask for the hosts that it was allowed, and for no other. */
  egress: {
    ttlS: EGRESS_TTL_S,
    typ: "disco-egress+jwt",
    claims: z.object({ sub: user, container, sid: recordId }),
  },
} as const;

export type TokenKind = keyof typeof kinds;

function parseScopes(text: string): Scope[] {
  return text.split(" ").filter((scope): scope is Scope => scopes.includes(scope as Scope));
}
