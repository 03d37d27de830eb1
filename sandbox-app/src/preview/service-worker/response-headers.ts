import type { HeaderList } from "../http/response-head.ts";

/** Headers that are about a connection or a body which the browser does not see as they were. */
const DROPPED = new Set(
  (
    "connection keep-alive proxy-connection transfer-encoding trailer upgrade content-encoding " +
    "x-frame-options strict-transport-security cross-origin-embedder-policy " +
    "cross-origin-resource-policy cross-origin-opener-policy origin-agent-cluster set-cookie " +
    "content-security-policy"
  ).split(" "),
);

/** Make the browser send reports, with addresses of the program's choice in them, to any host. */
const REPORTING = /^(?:reporting-endpoints|report-to|nel|.+-report-only)$/;

/** Directives that speak of the program's own host, or that keep the page from framing it. */
const DROPPED_DIRECTIVES =
  /^(?:frame-ancestors|upgrade-insecure-requests|block-all-mixed-content|report-uri|report-to|sandbox)\b/i;

export interface Place {
  /** The preview's own origin. */
  readonly origin: string;
  /** The container's port. */
  readonly port: number;
  /** Origin of the page that may frame it. */
  readonly embedder: string;
  /** URL that was asked for, on the preview's origin. */
  readonly url: string;
}

/**
 * The program's headers as the preview's document gets them: framed by the isolated page, and without
 * a way to other hosts.
 *
 * @param keepsLength whether the body reaches the browser byte by byte
 */
export function responseHeaders(given: HeaderList, place: Place, keepsLength: boolean): Headers {
  const headers = new Headers();
  for (const [name, value] of given) {
    const lower = name.toLowerCase();
    if (DROPPED.has(lower) || REPORTING.test(lower)) continue;
    if (lower === "content-length" && !keepsLength) continue;
    headers.append(name, lower === "location" ? relocated(value, place) : value);
  }
  for (const policy of policiesOf(given)) headers.append("Content-Security-Policy", policy);
  for (const [name, value] of Object.entries(previewHeaders(place))) headers.append(name, value);
  return headers;
}

/** What holds for everything on a preview's origin. Policies add up: all of them have to allow. */
export function previewHeaders({ embedder }: Pick<Place, "embedder">): Record<string, string> {
  const own = "'self' data: blob:";
  return {
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Origin-Agent-Cluster": "?1",
    "Content-Security-Policy": [
      `default-src ${own} 'unsafe-inline' 'unsafe-eval' 'wasm-unsafe-eval'`,
      `connect-src ${own}`,
      "form-action 'self'",
      "base-uri 'self'",
      "object-src 'none'",
      `frame-ancestors 'self' ${embedder}`,
    ].join("; "),
  };
}

/** The program's own policies hold as well, without what cannot hold here. */
function policiesOf(given: HeaderList): string[] {
  return given
    .filter(([name]) => name.toLowerCase() === "content-security-policy")
    .flatMap(([, value]) => value.split(","))
    .map((policy) =>
      policy
        .split(";")
        .map((directive) => directive.trim())
        .filter((directive) => directive !== "" && !DROPPED_DIRECTIVES.test(directive))
        .join("; "),
    )
    .filter((policy) => policy !== "");
}

/** A redirect to the program itself stays on the preview's origin. */
function relocated(location: string, { origin, port, url }: Place): string {
  const { pathname, search } = new URL(url);
  const base = `http://localhost:${port}${pathname}${search}`;
  if (!URL.canParse(location, base)) return location;
  const target = new URL(location, base);
  const isGuest = /^(?:localhost|127\.0\.0\.1|\[::1\]|0\.0\.0\.0)$/.test(target.hostname);
  if (!isGuest || Number(target.port) !== port) return target.href;
  return origin + target.pathname + target.search + target.hash;
}
