import { fatal } from "../cli/failure.ts";

/**
 * Whether git can get there from here, in words that say what to use.
 *
 * @throws GitFailure
 */
export function checkRemoteUrl(url: string): URL {
  const isOver = /^https?:\/\//i.test(url);
  if (!isOver && /^(?:ssh|git|file|ftps?):\/\/|^[^/:]+:(?!\/\/)/i.test(url))
    throw fatal(
      `'${url}' cannot be reached: git goes out by https here, as https://host/owner/name`,
    );
  if (!isOver || !URL.canParse(url))
    throw fatal(
      `'${url}' does not appear to be a git repository\n` +
        "fatal: Repositories are reached by https here, as https://host/owner/name.",
    );
  const parsed = new URL(url);
  if (parsed.username !== "" || parsed.password !== "")
    throw fatal(
      "a user name or token in a URL is refused: add the credential in the page under Network, and use the URL without it",
    );
  return parsed;
}

/** As FETCH_HEAD and messages name it. */
export function shownUrl(url: string): string {
  return url.replace(/\/+$/, "").replace(/\.git$/, "");
}
