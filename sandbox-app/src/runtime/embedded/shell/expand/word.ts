import type { Word, WordPart } from "unbash";
import { ShellError } from "../run/outcome.ts";
import type { Shell } from "../state/shell.ts";
import { Source } from "../syntax/source.ts";
import { parseBody, parseWord } from "../syntax/parse.ts";
import { expandArithmetic } from "./arithmetic-text.ts";
import { expandBraces } from "./brace.ts";
import type { Place } from "./expander.ts";
import { parameterPieces, simpleParameterPieces } from "./parameter.ts";
import { expandPathname } from "./pathname.ts";
import { escapePattern, escapeRegExp, hasPattern } from "./pattern.ts";
import { expanded, literal, type Piece, quoted, textOfPieces, unquotedPieces } from "./piece.ts";
import { type Field, splitFields } from "./split.ts";
import { assignmentPieces, tildePieces } from "./tilde.ts";

const plainText = /^[\w./:=@%+,-]+$/;

/** The fields that words become: arguments of a command, the list of `for`, elements of an array. */
export async function expandWords(shell: Shell, words: readonly Word[]): Promise<string[]> {
  const fields: string[] = [];
  for (const word of words) {
    if (word.parts === undefined && plainText.test(word.text)) fields.push(word.text);
    else for (const text of braced(shell, word)) fields.push(...(await expandOne(shell, text)));
  }
  return fields;
}

function braced(shell: Shell, word: Word): Word[] {
  const hasBraces = word.parts?.some(({ type }) => type === "BraceExpansion") === true;
  if (!hasBraces || !shell.isOn("braceexpand")) return [word];
  const nothing: Word = {
    type: "Word",
    text: "",
    value: "",
    pos: word.pos,
    end: word.end,
    parts: [],
  };
  return expandBraces(word.text).map((text) => (text === "" ? nothing : parseWord(text)));
}

async function expandOne(shell: Shell, word: Word): Promise<string[]> {
  const pieces = await wordPieces(shell, word);
  const fields = splitFields(pieces, ifsOf(shell));
  if (shell.isOn("noglob")) return fields.map((field) => textOfPieces(field));
  return fields.flatMap((field) => globbed(shell, field));
}

function ifsOf(shell: Shell): string | undefined {
  return shell.variables.get("IFS");
}

function globbed(shell: Shell, field: Field): string[] {
  const text = textOfPieces(field);
  if (!field.some((piece) => !piece.quoted && /[*?[(]/.test(piece.text))) return [text];
  const pattern = patternOf(field);
  if (!hasPattern(pattern)) return [text];
  const paths = expandPathname(shell, pattern);
  if (paths !== null) return paths;
  if (shell.options.shopt.has("failglob")) throw new ShellError(`no match: ${text}`);
  return shell.options.shopt.has("nullglob") ? [] : [text];
}

function patternOf(pieces: readonly Piece[]): string {
  return pieces
    .map((piece) =>
      piece.kind === "break"
        ? piece.between
        : piece.quoted
          ? escapePattern(piece.text)
          : piece.text,
    )
    .join("");
}

/** One text: no splitting, no pathnames. For assignments, redirections, `case`, `[[`. */
export async function expandText(shell: Shell, word: Word, place: Place = {}): Promise<string> {
  if (word.parts === undefined && plainText.test(word.text)) return word.text;
  return textOfPieces(await wordPieces(shell, word, place));
}

/** A pattern for matching: what was quoted is escaped. */
export async function expandPattern(shell: Shell, word: Word): Promise<string> {
  return patternOf(await wordPieces(shell, word));
}

/** Source of an extended regular expression: what was quoted is escaped. */
export async function expandRegExp(shell: Shell, word: Word): Promise<string> {
  const pieces = await wordPieces(shell, word, { isRegExp: true });
  return pieces
    .map((piece) =>
      piece.kind === "break" ? piece.between : piece.quoted ? escapeRegExp(piece.text) : piece.text,
    )
    .join("");
}

/** Text in which only `$`, backquotes and backslashes are special: here-documents, arithmetic. */
export async function expandBody(shell: Shell, parts: readonly WordPart[]): Promise<string> {
  const pieces: Piece[] = [];
  for (const part of parts) pieces.push(...(await partPieces(shell, part, { inQuotes: true })));
  return textOfPieces(pieces);
}

/** The same, from text. */
export async function expandBodyText(shell: Shell, text: string): Promise<string> {
  if (!/[$`\\]/.test(text)) return text;
  return (await expandBody(shell, parseBody(text))).replace(/\n$/, "");
}

export async function wordPieces(shell: Shell, word: Word, place: Place = {}): Promise<Piece[]> {
  if (word.parts === undefined) return literalPieces(shell, word.text, true, place);
  const pieces: Piece[] = [];
  for (const [index, part] of word.parts.entries()) {
    if (part.type === "Literal")
      pieces.push(...literalPieces(shell, part.text, index === 0, place));
    else pieces.push(...(await partPieces(shell, part, place)));
  }
  return pieces;
}

function literalPieces(shell: Shell, text: string, isStart: boolean, place: Place): Piece[] {
  if (place.inQuotes === true)
    return [
      quoted(text.replaceAll(/\\([$`"\\]|\n)/g, (_, char: string) => (char === "\n" ? "" : char))),
    ];
  if (place.isRegExp === true) return [literal(text)];
  if (place.isAssignment === true) return assignmentPieces(shell, text, isStart);
  if (!isStart) return unquotedPieces(text, place.splits);
  // A word that looks like an assignment has its tildes expanded too (`make PREFIX=~/x`).
  const name = /^[A-Za-z_]\w*=(?=~)/.exec(text)?.[0] ?? "";
  if (name !== "")
    return [literal(name), ...assignmentPieces(shell, text.slice(name.length), true)];
  return tildePieces(shell, text, place.splits);
}

async function partPieces(shell: Shell, part: WordPart, place: Place): Promise<Piece[]> {
  const inQuotes = place.inQuotes === true;
  switch (part.type) {
    case "Literal":
      return inQuotes ? [quoted(part.value)] : literalPieces(shell, part.text, false, place);
    case "SingleQuoted":
      return [quoted(place.plainSingleQuotes === true ? part.text : part.value)];
    case "AnsiCQuoted":
      return [quoted(part.value)];
    case "DoubleQuoted":
    case "LocaleString":
      return quotedPieces(shell, part.parts);
    case "SimpleExpansion":
      return simpleParameterPieces(shell, part.text.slice(1), inQuotes);
    case "ParameterExpansion":
      return parameterPieces(shell, part, inQuotes);
    case "CommandExpansion": {
      if (part.script === undefined) return [];
      const source = nestedSource(shell, part.script.source, part);
      return [
        expanded(await shell.process.interpreter.substitute(shell, part.script, source), inQuotes),
      ];
    }
    case "ArithmeticExpansion":
      return [expanded(String(await expandArithmetic(shell, arithmeticText(part.text))), inQuotes)];
    case "ProcessSubstitution": {
      if (part.script === undefined) return [];
      const source = nestedSource(shell, part.script.source, part);
      return [
        quoted(
          await shell.process.interpreter.processSubstitution(
            shell,
            part.script,
            source,
            part.operator,
          ),
        ),
      ];
    }
    case "Glob":
      return place.inQuotes === true ? [quoted(part.text)] : bracketPieces(shell, part, place);
    case "ExtendedGlob": {
      const inner =
        part.parts === undefined
          ? unquotedPieces(part.pattern)
          : await partsPieces(shell, part.parts, place);
      return [literal(`${part.operator}(`), ...inner, literal(")")];
    }
    case "BraceExpansion":
      return part.parts === undefined
        ? unquotedPieces(part.text)
        : [literal("{"), ...(await partsPieces(shell, part.parts, place)), literal("}")];
  }
}

type GlobPart = Extract<WordPart, { type: "Glob" }>;

async function bracketPieces(shell: Shell, part: GlobPart, place: Place): Promise<Piece[]> {
  const text = (value: string): Piece => ({
    kind: "text",
    text: value,
    quoted: false,
    splits: place.splits === true,
  });
  if (part.kind !== "bracket" || /^[^\\$`'"]*$/.test(part.text)) return [text(part.text)];
  return [text("["), ...(await partsPieces(shell, part.parts, place)), text("]")];
}

async function partsPieces(
  shell: Shell,
  parts: readonly WordPart[],
  place: Place,
): Promise<Piece[]> {
  const pieces: Piece[] = [];
  for (const part of parts) pieces.push(...(await partPieces(shell, part, place)));
  return pieces;
}

/** Quotes make a field even when it is empty, except around an empty `$@`. */
async function quotedPieces(shell: Shell, parts: readonly WordPart[]): Promise<Piece[]> {
  const pieces: Piece[] = [];
  let hasList = false;
  for (const part of parts) {
    hasList ||= isList(part);
    pieces.push(...(await partPieces(shell, part, { inQuotes: true })));
  }
  if (pieces.length === 0 && !hasList) return [quoted("")];
  return pieces;
}

function isList(part: WordPart): boolean {
  if (part.type === "SimpleExpansion") return part.text === "$@";
  if (part.type !== "ParameterExpansion") return false;
  return part.parameter === "@" || part.index?.text === "@";
}

function nestedSource(shell: Shell, own: string | undefined, part: WordPart): Source {
  return own === undefined
    ? new Source(part.text, part.pos, shell.line)
    : new Source(own, 0, shell.line);
}

function arithmeticText(text: string): string {
  return text.startsWith("$((") ? text.slice(3, -2) : text.slice(2, -1);
}
