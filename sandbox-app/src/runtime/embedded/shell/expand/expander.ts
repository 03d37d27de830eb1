import type { Word } from "unbash";
import type { Shell } from "../state/shell.ts";
import type { Piece } from "./piece.ts";

/** Where a word stands, as far as it changes what its parts mean. */
export interface Place {
  /** Inside double quotes. */
  readonly inQuotes?: boolean;
  /** Literals split too: the operand of `${x:-a b}`. */
  readonly splits?: boolean;
  /** Value of an assignment: tildes count after colons. */
  readonly isAssignment?: boolean;
  /** Single quotes are plain characters: the operand of `"${x:-'a'}"`. */
  readonly plainSingleQuotes?: boolean;
  /** Right side of `=~`: backslashes stay. */
  readonly isRegExp?: boolean;
}

/** Expansion of words, as the parts of words need it in turn; keeps their imports free of cycles. */
export interface Expander {
  text(shell: Shell, word: Word, place?: Place): Promise<string>;
  pattern(shell: Shell, word: Word): Promise<string>;
  pieces(shell: Shell, word: Word, place?: Place): Promise<Piece[]>;
  bodyText(shell: Shell, text: string): Promise<string>;
}
