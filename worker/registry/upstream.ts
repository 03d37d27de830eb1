import { DiscoError } from "#protocol/errors.ts";

/** Registries answer directly; some send tarballs to another path of their own host, once. */
const REDIRECTS_MAX = 3;

/** Form of metadata that holds what an install needs and no more (npm registry, package metadata). */
const ABBREVIATED = "application/vnd.npm.install-v1+json; q=1.0, application/json; q=0.8";

export interface UpstreamRequest {
  readonly url: string;
  /** Base URL of the registry; a redirect must stay below it. */
  readonly registry: string;
  readonly method: "GET" | "HEAD";
  readonly wants: "metadata" | "tarball";
  /** Entity tag that the caller has. */
  readonly ifNoneMatch: string | undefined;
  readonly headersTimeoutMs: number;
  /** Ends the transfer, also after this function has returned. */
  readonly abort: AbortController;
}

/**
 * Asks the registry. Nothing of the caller's request goes along but the entity tag: no cookie, no
 * token, no query, no address.
 *
 * @returns an answer with status 200 or 304
 * @throws DiscoError `package_not_found`, `registry_refused`, `registry_unavailable`
 */
export async function askUpstream(request: UpstreamRequest): Promise<Response> {
  let { url } = request;
  for (let hops = 0; ; hops += 1) {
    const response = await send(url, request);
    if (response.status === 200 || response.status === 304) return response;
    await response.body?.cancel();
    const target = redirectOf(response, url);
    if (target === null) throw refusal(response.status);
    if (!target.startsWith(request.registry)) {
      throw new DiscoError("registry_refused", "The registry redirects to another host.");
    }
    if (hops === REDIRECTS_MAX) {
      throw new DiscoError("registry_refused", "The registry redirects too often.");
    }
    url = target;
  }
}

async function send(url: string, request: UpstreamRequest): Promise<Response> {
  const headers = new Headers({
    Accept: request.wants === "metadata" ? ABBREVIATED : "application/octet-stream, */*; q=0.5",
  });
  if (request.ifNoneMatch !== undefined) headers.set("If-None-Match", request.ifNoneMatch);
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    request.abort.abort();
  }, request.headersTimeoutMs);
  try {
    return await fetch(url, {
      method: request.method,
      headers,
      redirect: "manual",
      signal: request.abort.signal,
    });
  } catch (cause) {
    const what = timedOut ? "does not answer in time" : "cannot be reached";
    throw new DiscoError("registry_unavailable", `The package registry ${what}.`, { cause });
  } finally {
    clearTimeout(timer);
  }
}

/** Absolute, with dot segments resolved; null when the answer is no redirect. */
function redirectOf(response: Response, url: string): string | null {
  if (![301, 302, 303, 307, 308].includes(response.status)) return null;
  const location = response.headers.get("Location");
  return location !== null && URL.canParse(location, url) ? new URL(location, url).href : null;
}

function refusal(status: number): DiscoError {
  if (status === 404 || status === 410) {
    return new DiscoError("package_not_found", "The registry has no such package.");
  }
  const message = `The registry answered ${status}.`;
  const mayPass = status >= 500 || status === 429 || status === 408;
  return new DiscoError(mayPass ? "registry_unavailable" : "registry_refused", message);
}
