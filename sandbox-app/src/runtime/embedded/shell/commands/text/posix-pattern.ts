import { characterClasses } from "../../expand/pattern.ts";

/*
 * Regular expressions of POSIX with GNU's additions (regex(7), GNU grep "Regular Expressions") as
 * JavaScript's. One thing differs: of alternatives that match, JavaScript takes the first, POSIX the
 * longest.
 */

export type Syntax = "basic" | "extended";

const escapes: Readonly<Record<string, string>> = {
  w: String.raw`[\p{L}\p{Nd}_]`,
  W: String.raw`[^\p{L}\p{Nd}_]`,
  s: String.raw`\s`,
  S: String.raw`\S`,
  b: String.raw`\b`,
  B: String.raw`\B`,
  "<": String.raw`\b(?=\w)`,
  ">": String.raw`\b(?<=\w)`,
  "`": "(?<![^])",
  "'": "(?![^])",
  n: String.raw`\n`,
  t: String.raw`\t`,
  r: String.raw`\r`,
  f: String.raw`\f`,
  v: String.raw`\v`,
  a: String.raw`\x07`,
};

/** A pattern that POSIX does not know either; the message is GNU's. */
export class PatternError extends Error {}

/** The source of a JavaScript expression, for the flag `u`. */
export function translatePattern(pattern: string, syntax: Syntax): string {
  return new Translator(pattern, syntax).run();
}

class Translator {
  readonly #pattern: string;
  readonly #isExtended: boolean;
  #at = 0;
  #output = "";
  #groups = 0;
  /** Where an open group starts, to count closing ones. */
  #open = 0;
  /** Nothing stands before here that could be repeated. */
  #atStart = true;

  constructor(pattern: string, syntax: Syntax) {
    this.#pattern = pattern;
    this.#isExtended = syntax === "extended";
  }

  run(): string {
    while (this.#at < this.#pattern.length) this.#step();
    if (this.#open > 0) throw new PatternError("Unmatched ( or \\(");
    return this.#output;
  }

  #step(): void {
    const char = this.#take();
    if (char === "\\") return this.#escape();
    if (char === "[") return this.#bracket();
    if (char === ".") return this.#item("[^]");
    if (char === "*") return this.#atStart ? this.#item("\\*") : this.#repeat("*");
    if (char === "^") return this.#caret();
    if (char === "$") return this.#dollar();
    if (this.#isExtended && "(){|+?".includes(char)) return this.#special(char);
    this.#item(literal(char));
  }

  #take(): string {
    const char = String.fromCodePoint(this.#pattern.codePointAt(this.#at) ?? 0);
    this.#at += char.length;
    return char;
  }

  #rest(): string {
    return this.#pattern.slice(this.#at);
  }

  #item(source: string): void {
    this.#output += source;
    this.#atStart = false;
  }

  #repeat(source: string): void {
    // `a**` is `a*`; JavaScript would refuse it.
    if (/(?:^|[^\\])(?:\\\\)*[*+?]$/.test(this.#output)) {
      this.#output = this.#output.replace(/(?:\*|\+|\?)$/, "*");
      return;
    }
    this.#output += source;
  }

  #caret(): void {
    if (this.#isExtended || this.#atStart) this.#output += "^";
    else this.#item("\\^");
  }

  #dollar(): void {
    const rest = this.#rest();
    const isEnd = this.#isExtended || rest === "" || /^\\[)|]/.test(rest);
    if (isEnd) this.#output += "$";
    else this.#item("\\$");
  }

  #escape(): void {
    if (this.#at >= this.#pattern.length) throw new PatternError("Trailing backslash");
    const char = this.#take();
    if (!this.#isExtended && "(){|+?".includes(char)) return this.#special(char);
    if (/[1-9]/.test(char)) {
      if (Number(char) > this.#groups) throw new PatternError("Invalid back reference");
      return this.#item(`(?:\\${char})`);
    }
    this.#item(escapes[char] ?? literal(char));
  }

  #special(char: string): void {
    switch (char) {
      case "(":
        this.#groups++;
        this.#open++;
        this.#output += "(";
        this.#atStart = true;
        return;
      case ")":
        if (this.#open === 0) {
          if (this.#isExtended) return this.#item("\\)");
          throw new PatternError("Unmatched ) or \\)");
        }
        this.#open--;
        return this.#item(")");
      case "|":
        this.#output += "|";
        this.#atStart = true;
        return;
      case "{":
        return this.#interval();
      case "}":
        return this.#item("\\}");
      default:
        if (this.#atStart) this.#item(`\\${char}`);
        else this.#repeat(char);
    }
  }

  #interval(): void {
    const end = this.#isExtended ? "\\}" : "\\\\\\}";
    const match = new RegExp(`^(\\d*)(,?)(\\d*)${end}`).exec(this.#rest());
    if (match === null || (match[1] === "" && match[2] === "") || this.#atStart) {
      if (!this.#isExtended) throw new PatternError("Invalid preceding regular expression");
      return this.#item("\\{");
    }
    const [whole, low = "", comma = "", high = ""] = match;
    this.#at += whole.length;
    this.#output += `{${low === "" ? "0" : low}${comma}${high}}`;
  }

  #bracket(): void {
    const match = /^(\^?)(\]?(?:\[[:.=][^\]]*[:.=]\]|[^\]])*)\]/s.exec(this.#rest());
    if (match === null) throw new PatternError("Unmatched [, [^, [:, [., or [=");
    const [whole, negation = "", body = ""] = match;
    this.#at += whole.length;
    const inner = body.replaceAll(
      /\[:(\w+):\]|\[[.=](.)[.=]\]|\\([ntrfv])|([^-])|-/gsu,
      (part, name?: string, single?: string, escape?: string, other?: string) => {
        if (name !== undefined) {
          const found = characterClasses[name];
          if (found === undefined) throw new PatternError("Invalid character class name");
          return found;
        }
        if (escape !== undefined) return `\\${escape}`;
        const char = single ?? other;
        return char === undefined ? part : char.replace(/[\\[\]^&~]/, String.raw`\$&`);
      },
    );
    const dashed = inner.replace(/^-/, "\\-").replace(/-$/, "\\-");
    this.#item(`[${negation}${dashed.replaceAll(/(\\[ps][^-]*?\}?)-/g, "$1\\-")}]`);
  }
}

/** A character that means itself, in a pattern with the flag `u`. */
export function literal(char: string): string {
  return /[\\^$.*+?()[\]{}|/]/.test(char) ? `\\${char}` : char;
}

export interface PatternOptions {
  readonly ignoresCase?: boolean;
  readonly isGlobal?: boolean;
  /** `^` and `$` match at line feeds too. */
  readonly isMultiline?: boolean;
}

/** @throws PatternError */
export function compilePattern(
  pattern: string,
  syntax: Syntax,
  { ignoresCase = false, isGlobal = false, isMultiline = false }: PatternOptions = {},
): RegExp {
  const flags = `u${ignoresCase ? "i" : ""}${isGlobal ? "g" : ""}${isMultiline ? "m" : ""}`;
  return compiled(translatePattern(pattern, syntax), flags);
}

export function compiled(source: string, flags: string): RegExp {
  try {
    return new RegExp(source, flags);
  } catch {
    throw new PatternError("Invalid regular expression");
  }
}

/** Perl's expressions, where JavaScript writes them in another way (pcre2pattern(3)). */
export function perlPattern(pattern: string, flags: string): RegExp {
  let [source, all] = [pattern, flags.replace("u", "")];
  const leading = /^\(\?([ims]+)\)/.exec(source);
  if (leading !== null) {
    source = source.slice(leading[0].length);
    for (const flag of leading[1] ?? "") if (!all.includes(flag)) all += flag;
  }
  source = source
    .replaceAll(/\(\?P(?=[<=])/g, "(?")
    .replaceAll(/\[:(\w+):\]/g, (whole, name: string) => asciiClasses[name] ?? whole)
    .replaceAll(/\\([hAzZ])/g, (_, letter: string) => perlEscapes[letter] ?? "")
    .replaceAll(/([*+?}])\+/g, "$1");
  const kept = source.split(String.raw`\K`);
  if (kept.length > 1) source = `(?<=${kept.slice(0, -1).join("")})${kept.at(-1) ?? ""}`;
  return compiled(source, all);
}

const perlEscapes: Readonly<Record<string, string>> = { h: "[ \\t]", A: "^", z: "$", Z: "$" };

/** For patterns without the flag `u`. */
const asciiClasses: Readonly<Record<string, string>> = {
  alnum: "A-Za-z0-9",
  alpha: "A-Za-z",
  blank: " \\t",
  digit: "0-9",
  lower: "a-z",
  punct: "!-\\/:-@\\[-`{-~",
  space: "\\s",
  upper: "A-Z",
  xdigit: "0-9A-Fa-f",
};
