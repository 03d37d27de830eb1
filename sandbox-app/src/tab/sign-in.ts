import * as z from "zod";
import type { AppConfig, Identity } from "./page-api.ts";

/** A worker that is up answers in milliseconds; after this the person should hear something. */
const REQUEST_TIMEOUT_MS = 10_000;

const AppConfigSchema = z.object({
  version: z.string(),
  origin: z.string(),
  runtime_origin: z.string(),
  preview_origin: z.string(),
  mcp_url: z.string(),
  api_url: z.string(),
  docs_url: z.string(),
  websocket_url: z.string(),
  local: z.boolean(),
}) satisfies z.ZodType<AppConfig>;

const IdentitySchema = z.object({
  user: z.object({ id: z.string(), name: z.string() }),
  container: z.object({ id: z.string(), name: z.string() }),
}) satisfies z.ZodType<Identity>;

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

/** @throws UnreachableError */
export async function fetchConfig(): Promise<AppConfig> {
  return read(await ask("/config"), AppConfigSchema);
}

/**
 * Signs in with the claim of a link; without one, or when it is refused, the cookie of an earlier
 * sign-in counts.
 *
 * @param named id of the container to open; undefined: the person's own
 * @returns undefined when nobody is signed in
 * @throws UnreachableError, NoContainerError
 */
export async function identify(
  claim: string | undefined,
  named?: string,
): Promise<Identity | undefined> {
  if (claim !== undefined) {
    const response = await ask("/auth/sign-in", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ claim }),
    });
    if (response.ok && named === undefined) return read(response, IdentitySchema);
    if (response.status >= 500) throw refusal(response);
  }
  const query = named === undefined ? "" : `?container=${encodeURIComponent(named)}`;
  const response = await ask(`/auth/me${query}`);
  if (response.status === 404 || response.status === 410) {
    throw new NoContainerError(response.status === 410);
  }
  return response.status === 401 ? undefined : read(response, IdentitySchema);
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
