import type { HeaderList } from "#protocol/egress-frame.ts";

/** Of one connection only, never passed on (RFC 9110, section 7.6.1). */
const HOP_BY_HOP = [
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
];

/** Set here and nowhere else, or what the edge says of who asks. */
const NEVER_SENT = new Set([
  ...HOP_BY_HOP,
  "host",
  "content-length",
  "expect",
  "forwarded",
  "via",
  "cdn-loop",
  "true-client-ip",
  "x-real-ip",
]);
/** Of the edge, of proxies, of browsers, of ourselves, and of the edge on this machine (miniflare). */
const NEVER_SENT_BEGINNINGS = ["cf-", "x-forwarded-", "sec-", "disco-", "mf-"];

const NEVER_TOLD = new Set([...HOP_BY_HOP, "alt-svc"]);

/** Codings that workerd takes off a body before anybody reads it. */
const DECODED = new Set(["gzip", "br"]);

/** The guest's headers for the other host; its own Authorization and Cookie are among them. */
export function outgoingHeaders(list: HeaderList): Headers {
  const hopByHop = connectionOptions(list);
  const headers = new Headers();
  for (const [name, value] of list) {
    const key = name.toLowerCase();
    if (NEVER_SENT.has(key) || hopByHop.has(key)) continue;
    if (NEVER_SENT_BEGINNINGS.some((beginning) => key.startsWith(beginning))) continue;
    headers.append(name, value);
  }
  return headers;
}

/** What the guest is told of the answer. */
export function incomingHeaders(headers: Headers): HeaderList {
  const list: HeaderList = [...headers];
  const hopByHop = connectionOptions(list);
  const coding = headers.get("content-encoding")?.trim().toLowerCase() ?? "";
  const isDecoded = DECODED.has(coding);
  return list.filter(([name]) => {
    const key = name.toLowerCase();
    if (isDecoded && (key === "content-encoding" || key === "content-length")) return false;
    return !NEVER_TOLD.has(key) && !hopByHop.has(key) && !key.startsWith("cf-");
  });
}

/** Headers that a `Connection` header makes hop-by-hop. */
function connectionOptions(list: HeaderList): Set<string> {
  const values = list.filter(([name]) => name.toLowerCase() === "connection");
  return new Set(values.flatMap(([, value]) => value.toLowerCase().split(/\s*,\s*/)));
}
