import { findText, type Fit, type Span, withoutOverlaps } from "./find-text.ts";
import { lineNumbers } from "./lines.ts";
import { asLinesEnd, lineEndingsOf } from "./line-endings.ts";

/** Places that are named where there are several; nobody reads more. */
const PLACES_MAX = 20;

/** One replacement, as a caller asks for it. */
export interface Edit {
  readonly old_text: string;
  readonly new_text: string;
  readonly replace_all: boolean;
}

/** Why an edit was refused; a union, because each has its own next step. */
export type Refusal =
  | { readonly reason: "empty" }
  | { readonly reason: "identical" }
  | { readonly reason: "not_found" }
  | { readonly reason: "not_unique"; readonly lines: readonly number[]; readonly count: number };

export type Edited =
  | {
      readonly ok: true;
      readonly text: string;
      readonly replacements: number;
      /** The loosest rule that an edit needed. */
      readonly fit: Fit;
    }
  | {
      readonly ok: false;
      /** Which edit, from 0, and the text that it was applied to: with those before it. */
      readonly edit: number;
      readonly text: string;
      readonly refusal: Refusal;
    };

const fits: readonly Fit[] = ["exact", "line_endings", "trailing_space"];

/**
 * Applies edits one after the other, each to what those before it have left; all of them, or none.
 * Everything outside of the replaced places stays as it is, byte for byte.
 */
export function applyEdits(original: string, edits: readonly Edit[]): Edited {
  let text = original;
  let replacements = 0;
  let loosest: Fit = "exact";
  for (const [index, edit] of edits.entries()) {
    const done = applyEdit(text, edit);
    if ("reason" in done) return { ok: false, edit: index, text, refusal: done };
    text = done.text;
    replacements += done.replacements;
    if (fits.indexOf(done.fit) > fits.indexOf(loosest)) loosest = done.fit;
  }
  if (text === original) {
    return { ok: false, edit: edits.length - 1, text, refusal: { reason: "identical" } };
  }
  return { ok: true, text, replacements, fit: loosest };
}

interface Applied {
  readonly text: string;
  readonly replacements: number;
  readonly fit: Fit;
}

function applyEdit(text: string, edit: Edit): Applied | Refusal {
  if (edit.old_text.trim() === "") return { reason: "empty" };
  if (edit.old_text === edit.new_text) return { reason: "identical" };
  const found = findText(text, edit.old_text);
  if (found === null) return { reason: "not_found" };
  const { fit } = found;
  if (found.spans.length > 1 && !edit.replace_all) {
    const places = found.spans.slice(0, PLACES_MAX).map(({ start }) => start);
    const lines = lineNumbers(text, places);
    return { reason: "not_unique", lines, count: found.spans.length };
  }
  const spans = withoutOverlaps(found.spans);
  return { text: splice(text, spans, edit.new_text, fit), replacements: spans.length, fit };
}

function splice(text: string, spans: readonly Span[], replacement: string, fit: Fit): string {
  const endings = lineEndingsOf(text);
  const parts: string[] = [];
  let from = 0;
  for (const { start, end } of spans) {
    const old = text.slice(start, end);
    parts.push(text.slice(from, start), asLinesEnd(replacement, old, fit, endings));
    from = end;
  }
  parts.push(text.slice(from));
  return parts.join("");
}
