import type { HeaderList } from "../http/response-head.ts";

/** What the browser would send and a service worker is not shown. */
export interface Surroundings {
  /** The container's port. */
  readonly port: number;
  /** The preview's own origin. */
  readonly origin: string;
  readonly userAgent: string;
  readonly languages: readonly string[];
  /** Value of `Cookie`, empty for none. */
  readonly cookie: string;
}

/** Said by us, or about a connection that is not this one (RFC 9110, section 7.6.1). */
const OWN = new Set(
  (
    "host origin referer cookie connection keep-alive te trailer transfer-encoding upgrade " +
    "content-length accept-encoding user-agent accept-language"
  ).split(" "),
);

/**
 * The headers as the program would see them if a browser asked `http://localhost:<port>` itself:
 * programs compare host and origin, and write links with them.
 */
export function requestHeaders(request: Request, around: Surroundings): HeaderList {
  const guest = `http://localhost:${around.port}`;
  const sent = [...request.headers].filter(([name]) => !OWN.has(name));
  const asked = new Set(sent.map(([name]) => name));
  const always: [string, string][] = [
    ["host", `localhost:${around.port}`],
    ["connection", "close"],
    ["user-agent", around.userAgent],
    ["accept-language", around.languages.join(",")],
    ["accept-encoding", "identity"],
    ["sec-fetch-dest", request.destination === "" ? "empty" : request.destination],
    ["sec-fetch-mode", request.mode],
    ["sec-fetch-site", request.mode === "navigate" ? "none" : "same-origin"],
  ];
  const referrer = rebased(request.referrer, around.origin, guest);
  return [
    ...always.filter(([name]) => !asked.has(name)),
    ...sent,
    ...(hasOrigin(request) ? [["origin", guest] as const] : []),
    ...(referrer === null ? [] : [["referer", referrer] as const]),
    ...(around.cookie === "" ? [] : [["cookie", around.cookie] as const]),
  ];
}

/** Fetch standard, section 4.6: reads of the own origin come without. */
function hasOrigin({ method }: Request): boolean {
  return method !== "GET" && method !== "HEAD";
}

/** The URL on another origin; null when it is not of the first. */
function rebased(url: string, from: string, to: string): string | null {
  return url === from || url.startsWith(`${from}/`) ? to + url.slice(from.length) : null;
}
