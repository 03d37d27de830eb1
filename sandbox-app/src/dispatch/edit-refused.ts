import { DiscoError } from "#protocol/errors.ts";
import type { Edit, Edited } from "../edits/apply-edits.ts";
import { characterDiff } from "../edits/character-diff.ts";
import { nearestBlock } from "../edits/nearest-block.ts";

/** Characters of the nearest lines, and of their difference, in an error. */
const SHOWN_MAX_CHARS = 1_500;

/** What a caller is told of an edit that was not made; nothing of the call was. */
export function editRefused(
  path: string,
  edits: readonly Edit[],
  { edit: index, text, refusal }: Extract<Edited, { ok: false }>,
): DiscoError {
  const which = edits.length > 1 ? `Edit ${index + 1} of ${edits.length}: ` : "";
  const details = { path, edit: index };
  switch (refusal.reason) {
    case "empty":
      return new DiscoError("text_not_found", `${which}old_text is nothing but space.`, {
        details,
      });
    case "identical":
      return new DiscoError("no_change", `${which}${path} would stay as it is.`, { details });
    case "not_unique": {
      const { lines, count } = refusal;
      const named = lines.join(", ") + (count > lines.length ? ", …" : "");
      return new DiscoError(
        "text_not_unique",
        `${which}old_text is ${count} times in ${path}, at lines ${named}.`,
        { details: { ...details, count, lines: [...lines] } },
      );
    }
    case "not_found":
      return notFound(`${which}old_text is not in ${path}.`, details, text, edits[index]);
  }
}

function notFound(
  message: string,
  details: { path: string; edit: number },
  text: string,
  edit: Edit | undefined,
): DiscoError {
  const sought = edit?.old_text ?? "";
  const nearest = nearestBlock(text, sought);
  if (nearest === null) return new DiscoError("text_not_found", message, { details });
  const there = nearest.lines.join("\n");
  const last = nearest.line + nearest.lines.length - 1;
  const where = last === nearest.line ? `line ${last}` : `lines ${nearest.line}-${last}`;
  const difference = characterDiff(sought.replace(/\r?\n$/, ""), there);
  return new DiscoError(
    "text_not_found",
    `${message} Nearest, ${where}:\n${clip(there)}\n` +
      `Difference ([-old_text-]{+file+}):\n${clip(difference)}\n`,
    { details: { ...details, line: nearest.line } },
  );
}

function clip(text: string): string {
  return text.length <= SHOWN_MAX_CHARS ? text : `${text.slice(0, SHOWN_MAX_CHARS)}…`;
}
