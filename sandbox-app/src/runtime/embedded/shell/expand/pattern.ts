import { Memo } from "../syntax/memo.ts";

export interface PatternOptions {
  readonly ignoreCase?: boolean;
  /** In a path: `*`, `?` and `[…]` do not match a slash. */
  readonly inPath?: boolean;
}

const compiled = new Memo<RegExp>();

/** What a whole text matches, as a regular expression; `\` in the pattern quotes. */
export function patternToRegExp(pattern: string, options: PatternOptions = {}): RegExp {
  const flags = options.ignoreCase === true ? "isu" : "su";
  return compiled.get(`${flags}${options.inPath === true ? "/" : " "}${pattern}`, () =>
    compile(`^(?:${patternSource(pattern, options.inPath === true)})$`, flags),
  );
}

/** As regular expression source, to be put into a larger one. */
export function patternSource(pattern: string, inPath = false): string {
  return new Translation(pattern, inPath ? "[^/]" : ".").translate();
}

export function hasPattern(pattern: string): boolean {
  return /(^|[^\\])(\\\\)*([*?]|\[|[+@!]\()/.test(pattern);
}

/** Takes the quoting out of a pattern that matches only itself. */
export function unescapePattern(pattern: string): string {
  return pattern.replaceAll(/\\(.)/gs, "$1");
}

export function escapePattern(text: string): string {
  return text.replaceAll(/[\\*?[\]()|+@!^-]/g, String.raw`\$&`);
}

function compile(source: string, flags: string): RegExp {
  try {
    return new RegExp(source, flags);
  } catch {
    // A range that is turned round (`[z-a]`) matches nothing.
    return /(?!)/;
  }
}

/** Character classes (POSIX.1-2017, 9.3.5) in the C.UTF-8 locale. */
export const characterClasses: Readonly<Record<string, string>> = {
  alnum: "\\p{L}\\p{Nd}",
  alpha: "\\p{L}",
  ascii: "\\x00-\\x7f",
  blank: " \\t",
  cntrl: "\\x00-\\x1f\\x7f",
  digit: "0-9",
  graph: "\\x21-\\x7e\\u00a1-\\u{10ffff}",
  lower: "\\p{Ll}",
  print: "\\x20-\\x7e\\u00a0-\\u{10ffff}",
  punct: "\\x21-\\x2f\\x3a-\\x40\\x5b-\\x60\\x7b-\\x7e",
  space: "\\s",
  upper: "\\p{Lu}",
  word: "\\w",
  xdigit: "0-9A-Fa-f",
};

export function escapeRegExp(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`);
}

class Translation {
  readonly #pattern: string;
  readonly #any: string;
  #at = 0;

  constructor(pattern: string, any: string) {
    this.#pattern = pattern;
    this.#any = any;
  }

  translate(): string {
    return this.#until("");
  }

  /** Translates up to one of the characters, which is left there. */
  #until(ends: string): string {
    let source = "";
    while (this.#at < this.#pattern.length) {
      const char = this.#pattern.charAt(this.#at);
      if (ends.includes(char)) return source;
      if ("?*+@!".includes(char) && this.#pattern.charAt(this.#at + 1) === "(") {
        source += this.#extended(char);
      } else {
        source += this.#simple(char);
      }
    }
    return source;
  }

  #simple(char: string): string {
    this.#at++;
    switch (char) {
      case "*":
        while (this.#pattern.charAt(this.#at) === "*") this.#at++;
        return `${this.#any}*`;
      case "?":
        return this.#any;
      case "[":
        return this.#bracket() ?? "\\[";
      case "\\": {
        const quoted = String.fromCodePoint(this.#pattern.codePointAt(this.#at) ?? 92);
        this.#at += quoted.length;
        return escapeRegExp(quoted);
      }
      default:
        return escapeRegExp(char);
    }
  }

  /** `?(a|b)`, `*(…)`, `+(…)`, `@(…)`, `!(…)`. */
  #extended(operator: string): string {
    const start = this.#at;
    this.#at += 2;
    const alternatives: string[] = [];
    for (;;) {
      alternatives.push(this.#until("|)"));
      const end = this.#pattern.charAt(this.#at++);
      if (end === ")") break;
      if (end === "") {
        // Never closed: the characters mean themselves.
        this.#at = start + 1;
        return operator === "*"
          ? `${this.#any}*`
          : operator === "?"
            ? this.#any
            : escapeRegExp(operator);
      }
    }
    const group = alternatives.join("|");
    if (operator === "@") return `(?:${group})`;
    if (operator !== "!") return `(?:${group})${operator}`;
    const rest = new Translation(this.#pattern.slice(this.#at), this.#any).translate();
    return `(?!(?:${group})${rest}$)${this.#any}*`;
  }

  #bracket(): string | null {
    const start = this.#at;
    let set = "";
    const isNegated = /[!^]/.test(this.#pattern.charAt(this.#at));
    if (isNegated) this.#at++;
    for (let isFirst = true; ; isFirst = false) {
      const char = this.#pattern.charAt(this.#at);
      if (char === "") {
        this.#at = start;
        return null;
      }
      const special = /^\[([:.=])(.*?)\1\]/s.exec(this.#pattern.slice(this.#at));
      if (special !== null) {
        this.#at += special[0].length;
        const name = special[2] ?? "";
        set += special[1] === ":" ? (characterClasses[name] ?? "") : escapeRegExp(name);
      } else if (char === "]" && !isFirst) {
        this.#at++;
        break;
      } else {
        set += this.#member();
      }
    }
    const slash = this.#any === "." ? "" : "(?!/)";
    return set === ""
      ? isNegated
        ? this.#any
        : "(?!)"
      : `${slash}[${isNegated ? "^" : ""}${set}]`;
  }

  #member(): string {
    let char = String.fromCodePoint(this.#pattern.codePointAt(this.#at) ?? 0);
    this.#at += char.length;
    if (char === "-") {
      const next = this.#pattern.charAt(this.#at);
      const previous = this.#pattern.charAt(this.#at - 2);
      // At either end of the brackets it is a character, between two it is a range.
      return next === "]" || "[!^".includes(previous) ? "\\-" : "-";
    }
    if (char === "\\" && this.#at < this.#pattern.length) {
      char = String.fromCodePoint(this.#pattern.codePointAt(this.#at) ?? 0);
      this.#at += char.length;
    }
    return char.replace(/[\\\]^[-]/, String.raw`\$&`);
  }
}
