import { compilePattern, literal, PatternError, type Syntax } from "../text/posix-pattern.ts";

/** Which lines a command is for (sed(1), Addresses). */
export type Address =
  | { readonly kind: "line"; readonly line: number }
  | { readonly kind: "last" }
  | { readonly kind: "step"; readonly first: number; readonly step: number }
  /** Null: the expression that was used last. */
  | { readonly kind: "pattern"; readonly pattern: RegExp | null };

export type RangeEnd =
  | Address
  | { readonly kind: "more"; readonly lines: number }
  | { readonly kind: "multiple"; readonly of: number };

export interface Substitution {
  readonly pattern: RegExp | null;
  readonly replacement: readonly ReplacementPart[];
  readonly isGlobal: boolean;
  /** From which match on, or the only one. */
  readonly occurrence: number;
  readonly prints: boolean;
  readonly file: string | null;
}

export type ReplacementPart =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "group"; readonly group: number }
  | { readonly kind: "case"; readonly letter: string };

export interface SedCommand {
  readonly name: string;
  readonly from: Address | null;
  readonly to: RangeEnd | null;
  readonly isNegated: boolean;
  /** Text, label, file name or number, as the command has it. */
  readonly text: string;
  readonly substitution: Substitution | null;
  readonly map: ReadonlyMap<string, string> | null;
  /** Of `{`: where its `}` is. */
  end: number;
  /** Whether the last line of a range was seen; the state of a range that runs. */
  rangeEnd: number | null;
  isInRange: boolean;
}

/** The script is wrong; in sed's words. */
export class ScriptError extends Error {}

/** Parses a script of sed (sed(1), COMMAND SYNOPSIS). */
export function parseScript(text: string, syntax: Syntax): SedCommand[] {
  return new Parser(text, syntax).run();
}

const WITH_TEXT = "aic";
const WITH_LABEL = "btT";
const WITH_FILE = "rw";
const WITH_NUMBER = "qQlL";
/** Commands with nothing behind them but a number. */
const ENDS_ALONE = "=dDgGhHnNpPxzqQlL";

class Parser {
  readonly #text: string;
  readonly #syntax: Syntax;
  readonly #commands: SedCommand[] = [];
  readonly #blocks: number[] = [];
  #at = 0;

  constructor(text: string, syntax: Syntax) {
    this.#text = text;
    this.#syntax = syntax;
  }

  run(): SedCommand[] {
    for (;;) {
      this.#skip(/[\s;]*/y);
      if (this.#at >= this.#text.length) break;
      if (this.#peek() === "#") this.#skip(/[^\n]*/y);
      else this.#command();
    }
    if (this.#blocks.length > 0) this.#fail("unmatched `{'");
    return this.#commands;
  }

  #peek(): string {
    return this.#text.charAt(this.#at);
  }

  #skip(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const [found = ""] = pattern.exec(this.#text) ?? [];
    this.#at += found.length;
    return found;
  }

  #fail(message: string): never {
    throw new ScriptError(`-e expression #1, char ${this.#at}: ${message}`);
  }

  #command(): void {
    const from = this.#address();
    let to: RangeEnd | null = null;
    this.#skip(/[ \t]*/y);
    if (from !== null && this.#peek() === ",") {
      this.#at++;
      this.#skip(/[ \t]*/y);
      to = this.#rangeEnd();
    }
    this.#skip(/[ \t]*/y);
    const isNegated = this.#skip(/[! \t]*/y).includes("!");
    const name = this.#peek();
    this.#at++;
    const base = { name, from, to, isNegated, text: "", substitution: null, map: null };
    const state = { end: 0, rangeEnd: null, isInRange: false };
    const add = (parts: Partial<SedCommand>): void => {
      this.#commands.push({ ...base, ...parts, ...state });
    };
    if (name === "{") this.#blocks.push(this.#commands.length);
    if (name === "}") return this.#closeBlock(add);
    const parts = this.#parts(name);
    if (parts === null) this.#fail(name === "" ? "missing command" : `unknown command: \`${name}'`);
    add(parts);
    if (name !== "" && ENDS_ALONE.includes(name)) this.#endOfCommand();
  }

  /** What stands behind the name of a command; null when there is no such command. */
  #parts(name: string): Partial<SedCommand> | null {
    if (name === "") return null;
    if (name === "s") return { substitution: this.#substitution() };
    if (name === "y") return { map: this.#map() };
    if (WITH_TEXT.includes(name)) return { text: this.#lines() };
    if (name === ":") return { text: this.#skip(/[^\n;]*/y).trim() };
    if (WITH_LABEL.includes(name)) return { text: this.#skip(/[^\n;}]*/y).trim() };
    if (WITH_FILE.includes(name)) return { text: this.#skip(/[^\n]*/y).trim() };
    if (WITH_NUMBER.includes(name)) return { text: this.#skip(/[ \t]*\d*/y).trim() };
    return ENDS_ALONE.includes(name) || name === "{" ? {} : null;
  }

  #closeBlock(add: (parts: Partial<SedCommand>) => void): void {
    const start = this.#blocks.pop();
    const block = start === undefined ? undefined : this.#commands[start];
    if (block === undefined) this.#fail("unexpected `}'");
    block.end = this.#commands.length;
    add({});
    this.#endOfCommand();
  }

  #endOfCommand(): void {
    this.#skip(/[ \t]*/y);
    if (this.#at < this.#text.length && !/[\n;}#]/.test(this.#peek()))
      this.#fail("extra characters after command");
  }

  #address(): Address | null {
    const digits = this.#skip(/\d+/y);
    if (digits !== "") {
      if (this.#peek() !== "~") return { kind: "line", line: Number(digits) };
      this.#at++;
      return { kind: "step", first: Number(digits), step: Number(this.#skip(/\d*/y)) };
    }
    if (this.#peek() === "$") {
      this.#at++;
      return { kind: "last" };
    }
    if (this.#peek() !== "/" && this.#peek() !== "\\") return null;
    if (this.#peek() === "\\") this.#at++;
    const delimiter = this.#peek();
    this.#at++;
    const source = this.#until(delimiter, "unterminated address regex");
    const flags = this.#skip(/[IM]*/y);
    return { kind: "pattern", pattern: this.#pattern(source, flags) };
  }

  #rangeEnd(): RangeEnd {
    const sign = this.#peek();
    if (sign === "+" || sign === "~") {
      this.#at++;
      const count = Number(this.#skip(/\d+/y));
      return sign === "+" ? { kind: "more", lines: count } : { kind: "multiple", of: count };
    }
    return this.#address() ?? this.#fail("unexpected `,'");
  }

  #pattern(source: string, flags: string): RegExp | null {
    if (source === "") return null;
    try {
      return compilePattern(source, this.#syntax, {
        ignoresCase: /i/i.test(flags),
        isMultiline: /m/i.test(flags),
        isGlobal: true,
      });
    } catch (error) {
      if (error instanceof PatternError) this.#fail(error.message);
      throw error;
    }
  }

  /** Up to a delimiter, which may stand escaped inside, or in brackets. */
  #until(delimiter: string, message: string, isPattern = true): string {
    let source = "";
    for (;;) {
      const char = this.#peek();
      if (char === "") this.#fail(message);
      this.#at++;
      if (char === delimiter) return source;
      if (char === "\\") {
        const next = this.#peek();
        this.#at++;
        // An escaped delimiter means itself; an escaped line feed stays what it is.
        if (next === delimiter)
          source += isPattern && /[|+?(){}]/.test(next) ? literal(next) : next;
        else source += `\\${next}`;
      } else if (char === "[" && isPattern) {
        this.#at--;
        source += this.#skip(/\[\^?\]?(?:\[[:.=][^\]]*[:.=]\]|[^\]\n])*\]|\[/y);
      } else source += char;
    }
  }

  #substitution(): Substitution {
    const delimiter = this.#peek();
    this.#at++;
    const source = this.#until(delimiter, "unterminated `s' command");
    const replacement = this.#until(delimiter, "unterminated `s' command", false);
    const flags = this.#skip(/[gpiImM0-9]*/y);
    const file =
      this.#peek() === "w"
        ? this.#skip(/[^\n]*/y)
            .slice(1)
            .trim()
        : null;
    if (file === null) {
      this.#skip(/[ \t]*/y);
      if (this.#at < this.#text.length && !/[\n;}#]/.test(this.#peek()))
        this.#fail("unknown option to `s'");
    }
    return {
      pattern: this.#pattern(source, flags),
      replacement: replacementParts(replacement),
      isGlobal: flags.includes("g"),
      occurrence: Number(/\d+/.exec(flags)?.[0] ?? 1),
      prints: flags.includes("p"),
      file,
    };
  }

  #map(): ReadonlyMap<string, string> {
    const delimiter = this.#peek();
    this.#at++;
    const set = (): string[] =>
      Array.from(unescaped(this.#until(delimiter, "unterminated `y' command", false)));
    const [from, to] = [set(), set()];
    if (from.length !== to.length) this.#fail("strings for `y' command are different lengths");
    this.#endOfCommand();
    return new Map(from.map((char, index) => [char, to[index] ?? ""]));
  }

  /** The text of `a`, `i` and `c`: one line, or several that end in a backslash. */
  #lines(): string {
    this.#skip(/[ \t]*/y);
    if (this.#peek() === "\\") {
      this.#at++;
      this.#skip(/[ \t]*\n?/y);
    }
    const raw = this.#skip(/(?:[^\\\n]|\\[^])*/y);
    if (this.#at < this.#text.length) this.#at++;
    if (raw === "" && this.#at >= this.#text.length && this.#text.at(-1) !== "\n")
      this.#fail("expected \\ after `a', `c' or `i'");
    return raw.replaceAll(/\\([^])/g, (_, char: string) => (char === "t" ? "\t" : char));
  }
}

const letters: Readonly<Record<string, string>> = {
  n: "\n",
  t: "\t",
  r: "\r",
  f: "\f",
  v: "\v",
  a: "\x07",
};

function unescaped(text: string): string {
  return text.replaceAll(/\\([^])/g, (_, char: string) => letters[char] ?? char);
}

function replacementParts(text: string): ReplacementPart[] {
  const parts: ReplacementPart[] = [];
  const tokens = /\\([0-9])|\\([ULElu])|\\x([0-9a-fA-F]{2})|\\([^])|(&)|([^\\&]+)|\\$/g;
  for (const [, group, letter, hex, escape, whole, plain] of text.matchAll(tokens)) {
    if (group !== undefined) parts.push({ kind: "group", group: Number(group) });
    else if (letter !== undefined) parts.push({ kind: "case", letter });
    else if (hex !== undefined)
      parts.push({ kind: "text", text: String.fromCharCode(Number.parseInt(hex, 16)) });
    else if (whole !== undefined) parts.push({ kind: "group", group: 0 });
    else if (escape !== undefined) parts.push({ kind: "text", text: letters[escape] ?? escape });
    else parts.push({ kind: "text", text: plain ?? "" });
  }
  return parts;
}
