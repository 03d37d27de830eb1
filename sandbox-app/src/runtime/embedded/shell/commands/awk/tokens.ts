export interface Token {
  readonly kind:
    | "number"
    | "string"
    | "pattern"
    | "name"
    | "call"
    | "keyword"
    | "sign"
    | "newline"
    | "end";
  readonly text: string;
}

/** The program is wrong; in awk's words. */
export class AwkError extends Error {}

const keywords = new Set(
  "BEGIN END function func if else while for do break continue next nextfile exit return delete in getline print printf".split(
    " ",
  ),
);

const signs =
  /(?:\*\*=|\+\+|--|\+=|-=|\*=|\/=|%=|\^=|\*\*|==|<=|>=|!=|!~|&&|\|\||>>|[-+*/%^!<>|?:~$={}()[\];,])/y;

const escapes: Readonly<Record<string, string>> = {
  n: "\n",
  t: "\t",
  r: "\r",
  "\\": "\\",
  '"': '"',
  "/": "/",
  a: "\x07",
  b: "\b",
  f: "\f",
  v: "\v",
};

/** Text between quotes, with its escapes done (POSIX.1-2017, awk, "Lexical Conventions"). */
export function unescaped(text: string): string {
  return text.replaceAll(/\\(?:([0-7]{1,3})|(\n)|([^]))/g, (whole, octal, line, char) => {
    if (octal !== undefined) return String.fromCharCode(Number.parseInt(String(octal), 8));
    if (line !== undefined) return "";
    return escapes[String(char)] ?? whole;
  });
}

export function tokensOf(source: string): Token[] {
  return new Lexer(source).run();
}

class Lexer {
  readonly #source: string;
  readonly #tokens: Token[] = [];
  #at = 0;

  constructor(source: string) {
    this.#source = source;
  }

  run(): Token[] {
    while (this.#at < this.#source.length) this.#step();
    this.#add("newline", "\n");
    this.#add("end", "");
    return this.#tokens;
  }

  #add(kind: Token["kind"], text: string): void {
    this.#tokens.push({ kind, text });
  }

  #take(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#source);
    if (match !== null) this.#at += match[0].length;
    return match;
  }

  #step(): void {
    if (this.#take(/(?:[ \t\r]+|\\\n|#[^\n]*)/y) !== null) return;
    if (this.#take(/\n/y) !== null) return this.#add("newline", "\n");
    const number = this.#take(/(?:0[xX][0-9a-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)/y);
    if (number !== null) return this.#add("number", number[0]);
    const text = this.#take(/"((?:[^"\\\n]|\\[^])*)"/y);
    if (text !== null) return this.#add("string", unescaped(text[1] ?? ""));
    const word = this.#take(/[A-Za-z_]\w*/y);
    if (word !== null) {
      const [name] = word;
      if (keywords.has(name)) return this.#add("keyword", name === "func" ? "function" : name);
      return this.#add(this.#source.charAt(this.#at) === "(" ? "call" : "name", name);
    }
    if (this.#source.charAt(this.#at) === "/" && !this.#isAfterOperand()) return this.#pattern();
    const sign = this.#take(signs);
    if (sign === null)
      throw new AwkError(`syntax error: unexpected ${this.#source.charAt(this.#at)}`);
    this.#add("sign", sign[0] === "**" ? "^" : sign[0] === "**=" ? "^=" : sign[0]);
  }

  /** Where a slash divides. */
  #isAfterOperand(): boolean {
    const last = this.#tokens.at(-1);
    if (last === undefined) return false;
    if (last.kind === "sign") return [")", "]", "$", "++", "--"].includes(last.text);
    return ["number", "string", "name", "pattern"].includes(last.kind);
  }

  #pattern(): void {
    const match = this.#take(/\/((?:\[\^?\]?(?:\[:\w+:\]|\\[^]|[^\]\n])*\]|\\[^]|[^/\\\n[])*)\//y);
    if (match === null) throw new AwkError("unterminated regexp");
    this.#add("pattern", (match[1] ?? "").replaceAll("\\/", "/"));
  }
}
