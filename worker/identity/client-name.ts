import { CLIENT_NAME_MAX_CHARS } from "#protocol/limits.ts";
import type { Principal } from "./principal.ts";

/** Control, format and bidirectional characters, lone surrogates: what could disguise a name. */
const UNSHOWABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/**
 * The client's name as the page shows it: what the client says of itself, bounded and without
 * characters that change how it is read; the token's name when it says nothing.
 */
export function shownClientName(claimed: string | undefined, principal: Principal): string {
  return shownText(claimed) || shownText(principal.client.name) || "unnamed client";
}

/** Untrusted text as it may be shown; may be empty. */
export function shownText(name = ""): string {
  const shown = name.slice(0, CLIENT_NAME_MAX_CHARS).replace(UNSHOWABLE, " ");
  return shown.replace(/ {2,}/g, " ").trim();
}
