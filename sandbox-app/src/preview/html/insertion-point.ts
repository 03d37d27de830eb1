/** What a search over the start of a document found. */
export type Found = number | "more" | "none";

/** Bytes of markup to look through; a document that has no tag by then is not worth waiting for. */
export const SEARCH_MAX_BYTES = 65_536;

const SPACE = /[\t\n\f\r ]/;

/**
 * Where a script runs before every other one of the document: after `<head …>`, or, when that tag is
 * left out, before the first thing that is not doctype, comment or `<html …>` (HTML, section 13.2.6.4:
 * a script there starts the head by itself).
 *
 * @param text the start of the document, one character a byte
 * @param isWhole whether nothing follows
 */
export function insertionPoint(text: string, isWhole: boolean): Found {
  let at = text.startsWith("\u00ef\u00bb\u00bf") ? 3 : 0;
  for (;;) {
    while (SPACE.test(text[at] ?? "")) at++;
    const token = tokenAt(text, at);
    if (token === "more") {
      if (isWhole) return at;
      return text.length >= SEARCH_MAX_BYTES ? "none" : "more";
    }
    if (token.kind === "other") return at;
    at = token.end;
    if (token.kind === "head") return at;
  }
}

type Token =
  | { readonly kind: "skip" | "head"; readonly end: number }
  | { readonly kind: "other" }
  | "more";

function tokenAt(text: string, at: number): Token {
  const rest = text.slice(at, at + 6).toLowerCase();
  if (rest === "") return "more";
  if (rest.startsWith("<!--")) return until(text, "-->", at + 4);
  if ("<!--".startsWith(rest) || "<?".startsWith(rest))
    return rest === "<?" ? until(text, ">", at) : "more";
  if (rest.startsWith("<!") || rest.startsWith("<?")) return until(text, ">", at);
  for (const name of ["html", "head"]) {
    const tag = `<${name}`;
    if (tag.startsWith(rest)) return "more";
    if (!rest.startsWith(tag)) continue;
    const after = text[at + tag.length];
    if (after === undefined) return "more";
    if (!/[\t\n\f\r />]/.test(after)) continue;
    const end = tagEnd(text, at + tag.length);
    return end === "more" ? "more" : { kind: name === "head" ? "head" : "skip", end };
  }
  return { kind: "other" };
}

function until(text: string, mark: string, from: number): Token {
  const found = text.indexOf(mark, from);
  return found < 0 ? "more" : { kind: "skip", end: found + mark.length };
}

/** Behind the `>` of a tag; one in a quoted value does not count. */
function tagEnd(text: string, from: number): number | "more" {
  let quote = "";
  for (let at = from; at < text.length; at++) {
    const character = text[at] ?? "";
    if (quote !== "") {
      if (character === quote) quote = "";
    } else if (character === ">") {
      return at + 1;
    } else if (/["']/.test(character) && /=\s*$/.test(text.slice(from, at))) {
      quote = character;
    }
  }
  return "more";
}
