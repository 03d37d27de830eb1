import { ArithmeticError, type Token, tokenize } from "./tokens.ts";

export interface Target {
  readonly kind: "variable";
  readonly name: string;
  /** Text between brackets: an expression, or the key of an associative array. */
  readonly index: string | null;
}

export type Expression =
  | { readonly kind: "number"; readonly value: bigint }
  | Target
  | { readonly kind: "unary"; readonly operator: string; readonly operand: Expression }
  | {
      readonly kind: "step";
      readonly operator: "++" | "--";
      readonly prefix: boolean;
      readonly target: Target;
    }
  | {
      readonly kind: "binary";
      readonly operator: string;
      readonly left: Expression;
      readonly right: Expression;
      /** The right operand as written: bash names it when it is 0. */
      readonly token: string;
    }
  | {
      readonly kind: "choice";
      readonly test: Expression;
      readonly yes: Expression;
      readonly no: Expression;
    }
  /** `operator` is that of `+=`, or empty for a plain `=`. */
  | {
      readonly kind: "assign";
      readonly operator: string;
      readonly target: Target;
      readonly value: Expression;
      readonly token: string;
    };

/** Binary operators, loosest first; those of one line bind equally and group to the left. */
const levels: readonly (readonly string[])[] = [
  ["||"],
  ["&&"],
  ["|"],
  ["^"],
  ["&"],
  ["==", "!="],
  ["<=", ">=", "<", ">"],
  ["<<", ">>"],
  ["+", "-"],
  ["*", "/", "%"],
];
const assignments = /^(?:\*|\/|%|\+|-|<<|>>|&|\^|\|)?=$/;

/** Parses an expression of bash; the operators and their order are those of C. */
export function parseArithmetic(source: string): Expression {
  return new Parser(source).parse();
}

class Parser {
  readonly #source: string;
  readonly #tokens: readonly Token[];
  #next = 0;

  constructor(source: string) {
    this.#source = source;
    this.#tokens = tokenize(source);
  }

  parse(): Expression {
    if (this.#isAtEnd()) return { kind: "number", value: 0n };
    const expression = this.#comma();
    if (!this.#isAtEnd()) throw this.#error("syntax error in expression");
    return expression;
  }

  get #token(): Token {
    return this.#tokens[this.#next] ?? { kind: "end", at: this.#source.length };
  }

  #isAtEnd(): boolean {
    return this.#token.kind === "end";
  }

  #is(...texts: string[]): boolean {
    const token = this.#token;
    return token.kind === "operator" && texts.includes(token.text);
  }

  #take(...texts: string[]): string | null {
    const token = this.#token;
    if (token.kind !== "operator" || !texts.includes(token.text)) return null;
    this.#next++;
    return token.text;
  }

  #error(reason: string, at = this.#token.at): ArithmeticError {
    // At the end bash names the last token that it read.
    const last = this.#tokens[this.#next - 1];
    const from = at >= this.#source.trimEnd().length ? (last?.at ?? 0) : at;
    return new ArithmeticError(this.#source, reason, this.#source.slice(from));
  }

  #comma(): Expression {
    let left = this.#assignment();
    while (this.#take(",") !== null) {
      left = { kind: "binary", operator: ",", left, right: this.#assignment(), token: "" };
    }
    return left;
  }

  #assignment(): Expression {
    const { at } = this.#token;
    const left = this.#choice();
    const token = this.#token;
    if (token.kind !== "operator" || !assignments.test(token.text)) return left;
    if (left.kind !== "variable") {
      throw new ArithmeticError(
        this.#source,
        "attempted assignment to non-variable",
        this.#source.slice(token.at),
      );
    }
    this.#next++;
    const from = this.#token.at;
    const value = this.#assignment();
    const shown = this.#source.slice(from);
    return {
      kind: "assign",
      operator: token.text.slice(0, -1),
      target: left,
      value,
      token: at > from ? "" : shown,
    };
  }

  #choice(): Expression {
    const test = this.#binary(0);
    if (this.#take("?") === null) return test;
    const yes = this.#comma();
    if (this.#take(":") === null) throw this.#error("`:' expected for conditional expression");
    return { kind: "choice", test, yes, no: this.#assignment() };
  }

  #binary(level: number): Expression {
    const operators = levels[level];
    if (operators === undefined) return this.#power();
    let left = this.#binary(level + 1);
    for (;;) {
      const operator = this.#take(...operators);
      if (operator === null) return left;
      const from = this.#token.at;
      const right = this.#binary(level + 1);
      left = { kind: "binary", operator, left, right, token: this.#source.slice(from) };
    }
  }

  /** `**` binds tighter than `*`, groups to the right, and its left operand may have a sign. */
  #power(): Expression {
    const left = this.#unary();
    const from = this.#token.at;
    if (this.#take("**") === null) return left;
    return {
      kind: "binary",
      operator: "**",
      left,
      right: this.#power(),
      token: this.#source.slice(from + 2).trimStart(),
    };
  }

  #unary(): Expression {
    const operator = this.#take("++", "--", "+", "-", "!", "~");
    if (operator === null) return this.#postfix();
    const operand = this.#unary();
    if (operator === "++" || operator === "--") {
      if (operand.kind === "variable")
        return { kind: "step", operator, prefix: true, target: operand };
      // `--3` is the negation of a negation.
      const sign: Expression = { kind: "unary", operator: operator.charAt(0), operand };
      return { kind: "unary", operator: operator.charAt(0), operand: sign };
    }
    return { kind: "unary", operator, operand };
  }

  #postfix(): Expression {
    const primary = this.#primary();
    if (primary.kind !== "variable" || !this.#is("++", "--")) return primary;
    const operator = this.#take("++") === null ? "--" : "++";
    if (operator === "--") this.#take("--");
    return { kind: "step", operator, prefix: false, target: primary };
  }

  #primary(): Expression {
    const token = this.#token;
    if (token.kind === "number") {
      this.#next++;
      return { kind: "number", value: token.value };
    }
    if (token.kind === "name") {
      this.#next++;
      return { kind: "variable", name: token.name, index: token.index };
    }
    if (this.#take("(") === null) throw this.#error("syntax error: operand expected");
    const inner = this.#comma();
    if (this.#take(")") === null) throw this.#error("missing `)'");
    return inner;
  }
}
