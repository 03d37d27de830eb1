/** A stretch of an expanded word. Words become fields only at the end, when splitting is done. */
export type Piece =
  | {
      readonly kind: "text";
      readonly text: string;
      /** Means itself: no pattern, no splitting. */
      readonly quoted: boolean;
      /** Came out of an expansion outside quotes, so IFS splits it. */
      readonly splits: boolean;
    }
  /** Between two elements of `"$@"`: here one field ends, whatever IFS is. */
  | {
      readonly kind: "break";
      /** What stands here when there are no fields: a blank, for `$*` the first character of IFS. */
      readonly between: string;
    };

export type TextPiece = Extract<Piece, { kind: "text" }>;

export function quoted(text: string): Piece {
  return { kind: "text", text, quoted: true, splits: false };
}

export function literal(text: string): Piece {
  return { kind: "text", text, quoted: false, splits: false };
}

export function expanded(text: string, inQuotes: boolean): Piece {
  return { kind: "text", text, quoted: inQuotes, splits: !inQuotes };
}

export function fieldBreak(between: string): Piece {
  return { kind: "break", between };
}

/** Text outside quotes, in which a backslash quotes the character after it. */
export function unquotedPieces(text: string, splits = false): Piece[] {
  if (!text.includes("\\"))
    return text === "" ? [] : [{ kind: "text", text, quoted: false, splits }];
  const pieces: Piece[] = [];
  for (const [run] of text.matchAll(/\\[^]|[^\\]+|\\$/gu)) {
    if (run === "\\\n") continue;
    if (run.startsWith("\\") && run.length > 1) pieces.push(quoted(run.slice(1)));
    else pieces.push({ kind: "text", text: run, quoted: false, splits });
  }
  return pieces;
}

export function textOfPieces(pieces: readonly Piece[]): string {
  return pieces.map((piece) => (piece.kind === "text" ? piece.text : piece.between)).join("");
}
