/** The Cookie Store API, as far as it is used here; the DOM library leaves it out. */
export interface CookieStore {
  getAll(): Promise<{ name: string; value: string }[]>;
  set(cookie: StoredCookie): Promise<void>;
}

export interface StoredCookie {
  readonly name: string;
  readonly value: string;
  readonly path: "/";
  /** Milliseconds since the epoch; null: as long as the browser runs. */
  readonly expires: number | null;
  readonly sameSite: "strict" | "lax" | "none";
}

/**
 * A cookie that a program sets (RFC 6265, section 5.2). Browsers ignore `Set-Cookie` in what a service
 * worker answers, so it is stored by script, and three attributes are lost: `HttpOnly`; `Domain`,
 * because the cookie would reach other previews; `Path`, because Chromium shows a service worker the
 * cookies of `/` only.
 *
 * @param now milliseconds since the epoch
 * @returns null when it is none
 */
export function parseSetCookie(line: string, now: number): StoredCookie | null {
  const [pair = "", ...attributes] = line.split(";").map((part) => part.trim());
  const equals = pair.indexOf("=");
  if (equals < 1) return null;
  const given = new Map(
    attributes.map((attribute): [string, string] => {
      const [name = "", ...value] = attribute.split("=");
      return [name.trim().toLowerCase(), value.join("=").trim()];
    }),
  );
  const sameSite = given.get("samesite")?.toLowerCase();
  return {
    name: pair.slice(0, equals).trim(),
    value: pair.slice(equals + 1).trim(),
    path: "/",
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

/** The `Cookie` header of a request; empty where the browser has no cookie store. */
export async function cookieHeader(store: CookieStore | undefined): Promise<string> {
  const cookies = (await store?.getAll().catch(() => [])) ?? [];
  return cookies.map(({ name, value }) => `${name}=${value}`).join("; ");
}

/** Keeps what the program sets; a cookie that the browser refuses is left out, as it would be. */
export async function keepCookies(
  store: CookieStore | undefined,
  lines: readonly string[],
): Promise<void> {
  for (const line of lines) {
    const cookie = parseSetCookie(line, Date.now());
    if (cookie !== null) await store?.set(cookie).catch(() => {});
  }
}
