import { TokenCursor } from "./cursor.ts";
import type { Expression, Target } from "./tree.ts";

const comparisons = new Set(["<", "<=", "==", "!=", ">", ">="]);
const assignments = new Set(["=", "+=", "-=", "*=", "/=", "%=", "^="]);

/** Functions that may stand without parentheses, or take none. */
const bare = new Set(["length"]);

/** Parses expressions (POSIX.1-2017, awk, "Grammar"); statements are in parse.ts. */
export class ExpressionParser extends TokenCursor {
  /** In `print`, where `>` redirects; and in `for (`, where `in` does not test. */
  #isPrinting = false;
  #isLoopHead = false;

  /** The values of `print`. */
  printed(): Expression[] {
    const outer = this.#isPrinting;
    this.#isPrinting = true;
    const values: Expression[] = [];
    const ends = [";", "}", "\n", ">", ">>", "|"];
    if (!ends.some((end) => this.is(end))) {
      do {
        this.skipNewlines();
        values.push(this.expression());
      } while (this.accept(","));
    }
    this.#isPrinting = outer;
    const [first] = values;
    // `print (a, b)`: the parentheses are those of print.
    return values.length === 1 && first?.type === "group" ? [...first.values] : values;
  }

  loopHead<Value>(parse: () => Value): Value {
    this.#isLoopHead = true;
    try {
      return parse();
    } finally {
      this.#isLoopHead = false;
    }
  }

  expression(): Expression {
    const left = this.#condition();
    const { kind, text } = this.token;
    if (kind !== "sign" || !assignments.has(text) || !isTarget(left)) return left;
    this.take();
    this.skipNewlines();
    return { type: "assign", operator: text.slice(0, -1), target: left, value: this.expression() };
  }

  #condition(): Expression {
    const test = this.#or();
    if (!this.accept("?")) return test;
    this.skipNewlines();
    const yes = this.expression();
    this.skipNewlines();
    this.expect(":");
    this.skipNewlines();
    return { type: "condition", test, yes, no: this.expression() };
  }

  #or(): Expression {
    let left = this.#and();
    while (this.accept("||")) {
      this.skipNewlines();
      left = { type: "or", left, right: this.#and() };
    }
    return left;
  }

  #and(): Expression {
    let left = this.#in();
    while (this.accept("&&")) {
      this.skipNewlines();
      left = { type: "and", left, right: this.#in() };
    }
    return left;
  }

  #in(): Expression {
    let left = this.#match();
    while (!this.#isLoopHead && this.is("in")) {
      this.take();
      const { text: name } = this.take();
      left = { type: "in", keys: left.type === "group" ? left.values : [left], name };
    }
    return left;
  }

  #match(): Expression {
    let left = this.#comparison();
    while (this.is("~") || this.is("!~")) {
      const isNegated = this.take().text === "!~";
      left = { type: "match", isNegated, left, right: this.#comparison() };
    }
    return left;
  }

  #comparison(): Expression {
    let left = this.#concatenation();
    for (;;) {
      if (this.is("|") && this.peek().text === "getline") {
        this.take();
        this.take();
        left = { type: "getline", from: "command", source: left, target: this.#optionalTarget() };
        continue;
      }
      const { kind, text } = this.token;
      if (kind !== "sign" || !comparisons.has(text)) return left;
      if (this.#isPrinting && text === ">") return left;
      this.take();
      left = { type: "binary", operator: text, left, right: this.#concatenation() };
    }
  }

  #concatenation(): Expression {
    let left = this.#sum();
    while (this.#startsOperand()) left = { type: "binary", operator: "", left, right: this.#sum() };
    return left;
  }

  #startsOperand(): boolean {
    const { kind, text } = this.token;
    if (["number", "string", "pattern", "name", "call"].includes(kind)) return true;
    if (kind === "sign") return ["$", "!", "(", "-", "+", "++", "--"].includes(text);
    return false;
  }

  #sum(): Expression {
    let left = this.#product();
    while (this.is("+") || this.is("-"))
      left = { type: "binary", operator: this.take().text, left, right: this.#product() };
    return left;
  }

  #product(): Expression {
    let left = this.#unary();
    while (this.is("*") || this.is("/") || this.is("%"))
      left = { type: "binary", operator: this.take().text, left, right: this.#unary() };
    return left;
  }

  #unary(): Expression {
    for (const operator of ["!", "-", "+"])
      if (this.accept(operator)) return { type: "unary", operator, value: this.#unary() };
    return this.#power();
  }

  #power(): Expression {
    const left = this.#stepped();
    if (!this.accept("^")) return left;
    // To the right, and before a sign: 2^-3.
    return { type: "binary", operator: "^", left, right: this.#unary() };
  }

  #stepped(): Expression {
    for (const [sign, by] of [
      ["++", 1],
      ["--", -1],
    ] as const) {
      if (!this.accept(sign)) continue;
      const target = this.#primary();
      if (!isTarget(target)) this.fail();
      return { type: "step", by, isPrefix: true, target };
    }
    const value = this.#primary();
    if (!isTarget(value)) return value;
    if (this.accept("++")) return { type: "step", by: 1, isPrefix: false, target: value };
    if (this.accept("--")) return { type: "step", by: -1, isPrefix: false, target: value };
    return value;
  }

  #primary(): Expression {
    const token = this.token;
    switch (token.kind) {
      case "number":
        this.take();
        return { type: "number", value: Number(token.text) };
      case "string":
        this.take();
        return { type: "string", value: token.text };
      case "pattern":
        this.take();
        return { type: "pattern", source: token.text };
      case "call":
        this.take();
        return { type: "call", name: token.text, args: this.#args() };
      case "name":
        return this.#named();
      default:
        return this.#other();
    }
  }

  #named(): Expression {
    const { text: name } = this.take();
    if (this.accept("[")) {
      const keys = this.#list();
      this.expect("]");
      return { type: "element", name, keys };
    }
    return bare.has(name) ? { type: "call", name, args: [] } : { type: "variable", name };
  }

  #other(): Expression {
    if (this.accept("$")) {
      const isStep = this.is("++") || this.is("--");
      return { type: "field", index: isStep ? this.#stepped() : this.#fieldIndex() };
    }
    if (this.accept("getline")) {
      const target = this.#optionalTarget();
      if (!this.accept("<")) return { type: "getline", from: "input", source: null, target };
      return { type: "getline", from: "file", source: this.#primary(), target };
    }
    if (!this.accept("(")) this.fail();
    const [printing, loop] = [this.#isPrinting, this.#isLoopHead];
    this.#isPrinting = false;
    this.#isLoopHead = false;
    const values = this.#list();
    this.expect(")");
    this.#isPrinting = printing;
    this.#isLoopHead = loop;
    const [first] = values;
    if (values.length === 1 && first !== undefined) return first;
    return { type: "group", values };
  }

  #fieldIndex(): Expression {
    if (this.accept("-")) return { type: "unary", operator: "-", value: this.#primary() };
    return this.#primary();
  }

  #optionalTarget(): Target | null {
    const { kind, text } = this.token;
    if (kind !== "name" && !(kind === "sign" && text === "$")) return null;
    const target = this.#primary();
    return isTarget(target) ? target : this.fail();
  }

  #args(): Expression[] {
    this.expect("(");
    const [printing, loop] = [this.#isPrinting, this.#isLoopHead];
    this.#isPrinting = false;
    this.#isLoopHead = false;
    this.skipNewlines();
    const args = this.is(")") ? [] : this.#list();
    this.expect(")");
    this.#isPrinting = printing;
    this.#isLoopHead = loop;
    return args;
  }

  #list(): Expression[] {
    const values: Expression[] = [];
    do {
      this.skipNewlines();
      values.push(this.expression());
      this.skipNewlines();
    } while (this.accept(","));
    return values;
  }
}

export function isTarget(expression: Expression): expression is Target {
  return ["variable", "field", "element"].includes(expression.type);
}
