import type { HeaderList } from "#protocol/egress-frame.ts";
import type { GitRequest } from "#protocol/git-request.ts";
import { DiscoError } from "#protocol/errors.ts";
import { outgoingUrl } from "../egress/target.ts";
import type { Credential } from "../store/git-credentials.ts";

/** Forges serve this protocol to whoever calls itself git. */
const USER_AGENT = "git/2.39.5 (Disco)";

/**
 * All that the other host is told. Nothing of the program's own headers goes out, so that it can
 * neither sign in by itself nor send cookies.
 *
 * @param said what the program says it sends
 * @throws DiscoError `network_refused` for another content type than git's
 */
export function gitHeaders(
  { service, step }: GitRequest,
  said: HeaderList,
  credential: Credential | null,
): Headers {
  const headers = new Headers({ "User-Agent": USER_AGENT, "Accept-Encoding": "identity" });
  if (step === "pack") {
    const type = `application/x-${service}-request`;
    const given = said.find(([name]) => name.toLowerCase() === "content-type")?.[1];
    if (given !== type) {
      throw new DiscoError("network_refused", `A request of git has the content type ${type}.`);
    }
    headers.set("Content-Type", type);
    headers.set("Accept", `application/x-${service}-result`);
  }
  if (credential !== null) headers.set("Authorization", basic(credential));
  return headers;
}

/** RFC 7617, section 2. */
function basic({ username, token }: Credential): string {
  const bytes = new TextEncoder().encode(`${username}:${token}`);
  return `Basic ${btoa(String.fromCharCode(...bytes))}`;
}

const TOLD = new Set(["content-type", "retry-after"]);

/**
 * What the program is told of an answer. An answer that is not git's keeps its status, and its words
 * only when they are plain ones: nobody reads web pages this way.
 *
 * @throws DiscoError `network_refused` for a redirect to another host
 */
export function readGitAnswer(
  request: GitRequest,
  url: string,
  answer: Response,
): { readonly headers: HeaderList; readonly hasBody: boolean } {
  const { status, headers } = answer;
  const type = headers.get("content-type")?.split(";")[0]?.trim().toLowerCase() ?? "";
  const told = [...headers].filter(([name]) => TOLD.has(name));
  const place = headers.get("location");
  if (status >= 300 && status < 400 && place !== null) {
    return { headers: [["location", sameHost(url, place)]], hasBody: false };
  }
  if (status !== 200) return { headers: told, hasBody: type === "text/plain" };
  const ending = request.step === "refs" ? "advertisement" : "result";
  if (type === `application/x-${request.service}-${ending}`) {
    return { headers: told, hasBody: true };
  }
  const message = `${request.repository} does not answer as a git repository does.`;
  throw new DiscoError("network_unavailable", message);
}

/** The place as the program would name it. @throws DiscoError `network_refused` */
function sameHost(url: string, location: string): string {
  const asked = outgoingUrl(url);
  const next = URL.canParse(location, asked) ? new URL(location, asked) : null;
  const { origin } = new URL(url);
  if (next !== null && next.origin === new URL(asked).origin) {
    return new URL(next.pathname + next.search, url).href;
  }
  const where = next?.origin ?? "a place that cannot be read";
  const message = `${origin} redirects to ${where}, which is not followed.`;
  throw new DiscoError("network_refused", message);
}
