import type * as z from "zod";
import { Identity } from "#protocol/page-data.ts";

/** A worker that is up answers in milliseconds; after this the person should hear something. */
const REQUEST_TIMEOUT_MS = 10_000;

/** The worker did not answer as it should; the message is for the person. */
export class UnreachableError extends Error {
  override readonly name = "UnreachableError";
}

/** The container that the address names is not this person's, or no more. */
export class NoContainerError extends Error {
  override readonly name = "NoContainerError";
  /** It was this person's, and was deleted. */
  readonly wasDeleted: boolean;

  constructor(wasDeleted: boolean) {
    super("There is no such container.");
    this.wasDeleted = wasDeleted;
  }
}

/** The container that the address names (`?container=…`); undefined: the person's own. */
export function namedContainer(): string | undefined {
  return new URLSearchParams(location.search).get("container") ?? undefined;
}

/**
 * Takes the claim out of the address (`#claim=…`) before anything else can read it there, or the
 * person can share it with the link.
 */
export function takeClaim(): string | undefined {
  const claim = new URLSearchParams(location.hash.slice(1)).get("claim");
  if (claim === null) return undefined;
  history.replaceState(history.state, "", location.pathname + location.search);
  return claim === "" ? undefined : claim;
}

/**
 * Loads the page anew when a link with a claim is opened in it: to the browser that is the same page,
 * whose address has changed, and nobody would be signed in.
 */
export function reloadOnClaim(): void {
  addEventListener("hashchange", () => {
    if (location.hash.startsWith("#claim=")) location.reload();
  });
}

/**
 * Signs in with the claim of a link; without one, or when it is refused, the cookie of an earlier
 * sign-in counts.
 *
 * @param named id of the container to open; default: the person's own
 * @param told what the page's document says of that cookie; default: the worker is asked
 * @returns null when nobody is signed in
 * @throws UnreachableError, NoContainerError
 */
export async function identify(
  claim?: string,
  {
    named,
    told,
  }: { readonly named?: string | undefined; readonly told?: Identity | null | undefined } = {},
): Promise<Identity | null> {
  let known = told;
  if (claim !== undefined) {
    const response = await ask("/auth/sign-in", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ claim }),
    });
    if (response.ok && named === undefined) return read(response, Identity);
    if (response.status >= 500) throw refusal(response);
    // The document was made before.
    if (response.ok) known = undefined;
  }
  if (known !== undefined) return known;
  const query = named === undefined ? "" : `?container=${encodeURIComponent(named)}`;
  const response = await ask(`/auth/me${query}`);
  if (named !== undefined && (response.status === 404 || response.status === 410)) {
    throw new NoContainerError(response.status === 410);
  }
  return response.status === 401 ? null : read(response, Identity);
}

async function ask(path: string, init: RequestInit = {}): Promise<Response> {
  try {
    const signal = AbortSignal.timeout(REQUEST_TIMEOUT_MS);
    return await fetch(path, { ...init, credentials: "same-origin", cache: "no-store", signal });
  } catch (error) {
    throw new UnreachableError("The worker could not be reached.", { cause: error });
  }
}

async function read<Value>(response: Response, schema: z.ZodType<Value>): Promise<Value> {
  if (!response.ok) throw refusal(response);
  const parsed = schema.safeParse(await response.json().catch(() => undefined));
  if (parsed.success) return parsed.data;
  throw new UnreachableError(`The worker's answer to ${pathOf(response)} could not be read.`);
}

function refusal(response: Response): UnreachableError {
  return new UnreachableError(`The worker answered ${pathOf(response)} with ${response.status}.`);
}

function pathOf(response: Response): string {
  return new URL(response.url).pathname;
}
