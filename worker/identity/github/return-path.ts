/** Where a browser may be sent after it has signed in; everything else leads to the sandbox. */
const RETURN_PATHS: ReadonlySet<string> = new Set(["/sandbox", "/", "/docs"]);

/**
 * The way back after a sign-in, put together anew from what was understood, so that nothing that was
 * not understood goes along: no other origin, however it is written.
 *
 * @param asked untrusted
 * @param page origin of the page
 */
export function returnPath(asked: string | undefined, page: string): string {
  const fallback = "/sandbox";
  if (asked === undefined || !asked.startsWith("/") || !URL.canParse(asked, page)) return fallback;
  const { origin, pathname } = new URL(asked, page);
  return origin === page && RETURN_PATHS.has(pathname) ? pathname : fallback;
}
