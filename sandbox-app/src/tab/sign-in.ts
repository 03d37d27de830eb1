import type * as z from "zod";
import { Identity } from "#protocol/page-data.ts";

/** A worker that is up answers in milliseconds; after this the person should hear something. */
const REQUEST_TIMEOUT_MS = 10_000;

/** The worker did not answer as it should; the message is for the person. */
export class UnreachableError extends Error {
  override readonly name = "UnreachableError";
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
 * @param told what the page's document says of that cookie; default: the worker is asked
 * @returns null when nobody is signed in
 * @throws UnreachableError
 */
export async function identify(
  claim: string | undefined,
  told?: Identity | null,
): Promise<Identity | null> {
  if (claim !== undefined) {
    const response = await ask("/auth/sign-in", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ claim }),
    });
    if (response.ok) return read(response, Identity);
    if (response.status >= 500) throw refusal(response);
  }
  if (told !== undefined) return told;
  const response = await ask("/auth/me");
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
