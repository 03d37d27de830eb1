import type { Redis } from "@upstash/redis";
import { deleteCookie, getCookie, setCookie } from "hono/cookie";
import type * as z from "zod";
import { DiscoError } from "#protocol/errors.ts";
import type { AppContext } from "../../http/app-env.ts";
import { fingerprint, randomSecret } from "./secrets.ts";

/** Seconds that a person has for a consent page, or for signing in at GitHub. */
const TRANSACTION_TTL_S = 600;

/** What waits for a browser to come back; one kind never passes for another. */
export type TransactionKind = "consent" | "github";

const transactionKey = (kind: TransactionKind, hash: string): string => `oauth:${kind}:${hash}`;

/** One cookie per transaction, so that two tabs do not disturb each other. */
const cookieName = (kind: TransactionKind, hash: string): string =>
  `__Host-disco-${kind}-${hash.slice(0, 16)}`;

/**
 * Keeps something until this browser brings the handle back, once. The handle goes through a form or
 * through another site's redirect; the cookie proves that it is the same browser, which keeps an
 * attacker from finishing what another browser began (RFC 9700, section 4.7).
 *
 * @returns the handle: unguessable, so that it is the form's token against forged requests too
 */
export async function beginTransaction(
  context: AppContext,
  redis: Redis,
  kind: TransactionKind,
  data: object,
): Promise<string> {
  const handle = randomSecret();
  const hash = await fingerprint(handle);
  await redis.set(transactionKey(kind, hash), JSON.stringify(data), { ex: TRANSACTION_TTL_S });
  setCookie(context, cookieName(kind, hash), hash, {
    httpOnly: true,
    secure: true,
    sameSite: "Lax",
    path: "/",
    maxAge: TRANSACTION_TTL_S,
  });
  return handle;
}

/**
 * What was kept under the handle; whoever asks next gets nothing.
 *
 * @throws DiscoError `unauthenticated` for another browser, and for a handle that is unknown, late or
 *   used up
 */
export async function takeTransaction<Data>(
  context: AppContext,
  redis: Redis,
  kind: TransactionKind,
  handle: string,
  schema: z.ZodType<Data>,
): Promise<Data> {
  const hash = await fingerprint(handle);
  const name = cookieName(kind, hash);
  if (getCookie(context, name) !== hash) {
    throw new DiscoError("unauthenticated", "This was not started in this browser: start again.");
  }
  deleteCookie(context, name, { path: "/", secure: true });
  const text = await redis.getdel<string>(transactionKey(kind, hash));
  if (text === null) {
    throw new DiscoError("unauthenticated", "This has expired or was used already: start again.");
  }
  return schema.parse(JSON.parse(text));
}
