/** The Cookie Store API, as far as it is used here; the DOM library leaves it out. */
export interface CookieStore {
  getAll(options: { url: string }): Promise<{ name: string; value: string }[]>;
  set(cookie: StoredCookie): Promise<void>;
}

export interface StoredCookie {
  readonly name: string;
  readonly value: string;
  readonly path: string;
  /** Milliseconds since the epoch; null: as long as the browser runs. */
  readonly expires: number | null;
  readonly sameSite: "strict" | "lax" | "none";
}

/**
 * A cookie that a program sets (RFC 6265, section 5.2). Browsers ignore `Set-Cookie` in what a service
 * worker answers, so it is stored by script: `HttpOnly` is lost, and `Domain` is not taken, because
 * the cookie would reach other previews.
 *
 * @param now milliseconds since the epoch
 * @returns null when it is none
 */
export function parseSetCookie(line: string, pathname: string, now: number): StoredCookie | null {
  const [pair = "", ...attributes] = line.split(";").map((part) => part.trim());
  const equals = pair.indexOf("=");
  if (equals < 1) return null;
  const given = new Map(
    attributes.map((attribute): [string, string] => {
      const [name = "", ...value] = attribute.split("=");
      return [name.trim().toLowerCase(), value.join("=").trim()];
    }),
  );
  const path = given.get("path") ?? "";
  const sameSite = given.get("samesite")?.toLowerCase();
  return {
    name: pair.slice(0, equals).trim(),
    value: pair.slice(equals + 1).trim(),
    path: path.startsWith("/") ? path : defaultPath(pathname),
    expires: expiry(given.get("max-age"), given.get("expires"), now),
    sameSite: sameSite === "strict" || sameSite === "none" ? sameSite : "lax",
  };
}

/** `Max-Age` wins over `Expires`; what cannot be read is not there. */
function expiry(
  maxAge: string | undefined,
  expires: string | undefined,
  now: number,
): number | null {
  if (maxAge !== undefined && /^-?\d+$/.test(maxAge)) return now + Number(maxAge) * 1_000;
  const date = Date.parse(expires ?? "");
  return Number.isNaN(date) ? null : date;
}

function defaultPath(pathname: string): string {
  const directory = pathname.slice(0, pathname.lastIndexOf("/"));
  return directory === "" ? "/" : directory;
}

/** The `Cookie` header for a URL; empty where the browser has no cookie store. */
export async function cookiesFor(store: CookieStore | undefined, url: string): Promise<string> {
  const cookies = (await store?.getAll({ url }).catch(() => [])) ?? [];
  return cookies.map(({ name, value }) => `${name}=${value}`).join("; ");
}

/** Keeps what the program sets; a cookie that the browser refuses is left out, as it would be. */
export async function keepCookies(
  store: CookieStore | undefined,
  lines: readonly string[],
  pathname: string,
): Promise<void> {
  for (const line of lines) {
    const cookie = parseSetCookie(line, pathname, Date.now());
    if (cookie !== null) await store?.set(cookie).catch(() => {});
  }
}
