/**
 * Loopback as native apps write it (RFC 8252, section 7.3). Group 1: the host, group 2: what follows
 * the port. Compared as text, because the URL parser forgives what must not be forgiven here.
 */
const LOOPBACK = /^http:\/\/(localhost|127\.0\.0\.1|\[::1\])(?::\d{1,5})?((?:[/?][^#\s\\]*)?)$/;

/**
 * Whether a redirect URI is one that the client registered: the same text, or on loopback the same
 * text but for the port (OAuth 2.1 draft, section 2.3.1; RFC 8252, section 7.3).
 */
export function isRegisteredRedirect(uri: string, registered: readonly string[]): boolean {
  if (!isAcceptableRedirect(uri)) return false;
  if (registered.includes(uri)) return true;
  const asked = LOOPBACK.exec(uri);
  if (asked === null) return false;
  return registered.some((one) => {
    const known = LOOPBACK.exec(one);
    return known !== null && known[1] === asked[1] && known[2] === asked[2];
  });
}

/**
 * Names that consist of what names of hosts consist of. The parser lets more stand there, such as `,`
 * `;` and `*`, which mean something in the headers that an origin is written into.
 */
const HOST = /^(?:[a-z0-9.-]+|\[[0-9a-f:.]+\])$/;

/** Https, or http on loopback; no user name, no fragment, nothing that the parser would change. */
export function isAcceptableRedirect(uri: string): boolean {
  if (LOOPBACK.test(uri)) return URL.canParse(uri);
  if (!/^https:\/\/[^\s\\#@]+$/.test(uri) || !URL.canParse(uri)) return false;
  const { href, origin, hostname } = new URL(uri);
  if (!HOST.test(hostname)) return false;
  return href === uri || origin === uri;
}

export function isLoopbackRedirect(uri: string): boolean {
  return LOOPBACK.test(uri);
}
