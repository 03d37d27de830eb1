import { ExpressionParser } from "./expressions.ts";
import { tokensOf } from "./tokens.ts";
import type { FunctionDefinition, Program, Rule, Statement } from "./tree.ts";

/**
 * Parses a program of awk.
 *
 * @throws AwkError
 */
export function parseProgram(source: string): Program {
  return new Parser(source).program();
}

class Parser {
  readonly #tokens: ExpressionParser;

  constructor(source: string) {
    this.#tokens = new ExpressionParser(tokensOf(source));
  }

  program(): Program {
    const tokens: ExpressionParser = this.#tokens;
    const rules: Rule[] = [];
    const functions = new Map<string, FunctionDefinition>();
    for (;;) {
      while (tokens.accept("\n") || tokens.accept(";"));
      if (tokens.token.kind === "end") return { rules, functions };
      if (tokens.accept("function")) this.#function(functions);
      else rules.push(this.#rule());
    }
  }

  #function(functions: Map<string, FunctionDefinition>): void {
    const tokens: ExpressionParser = this.#tokens;
    const name = tokens.take().text;
    const parameters: string[] = [];
    tokens.expect("(");
    while (!tokens.accept(")")) {
      tokens.skipNewlines();
      parameters.push(tokens.take().text);
      tokens.accept(",");
      tokens.skipNewlines();
      if (tokens.token.kind === "end") tokens.fail();
    }
    tokens.skipNewlines();
    functions.set(name, { parameters, body: this.#block() });
  }

  #rule(): Rule {
    const tokens: ExpressionParser = this.#tokens;
    if (tokens.accept("BEGIN"))
      return { kind: "begin", from: null, to: null, body: this.#braced() };
    if (tokens.accept("END")) return { kind: "end", from: null, to: null, body: this.#braced() };
    const from = tokens.is("{") ? null : tokens.expression();
    let to = null;
    if (tokens.accept(",")) {
      tokens.skipNewlines();
      to = tokens.expression();
    }
    return { kind: "main", from, to, body: tokens.is("{") ? this.#block() : null };
  }

  #braced(): Statement {
    this.#tokens.skipNewlines();
    return this.#block();
  }

  #block(): Statement {
    const tokens: ExpressionParser = this.#tokens;
    tokens.expect("{");
    const body: Statement[] = [];
    for (;;) {
      while (tokens.accept("\n") || tokens.accept(";"));
      if (tokens.accept("}")) return { type: "block", body };
      if (tokens.token.kind === "end") tokens.fail();
      body.push(this.#statement());
    }
  }

  /** The body of a loop or a condition, on this line or the next. */
  #body(): Statement {
    const tokens: ExpressionParser = this.#tokens;
    tokens.skipNewlines();
    if (tokens.accept(";")) return { type: "block", body: [] };
    return this.#statement();
  }

  #statement(): Statement {
    const tokens: ExpressionParser = this.#tokens;
    if (tokens.is("{")) return this.#block();
    const { kind, text } = tokens.token;
    if (kind !== "keyword" || text === "getline") return this.#ended(this.#simple());
    switch (text) {
      case "if":
        return this.#if();
      case "while": {
        tokens.take();
        const test = this.#test();
        return { type: "while", test, body: this.#body(), isAfter: false };
      }
      case "do":
        return this.#do();
      case "for":
        return this.#for();
      default:
        return this.#ended(this.#simple());
    }
  }

  #ended(statement: Statement): Statement {
    const tokens: ExpressionParser = this.#tokens;
    if (!tokens.is("}") && !tokens.accept(";") && !tokens.accept("\n")) tokens.fail();
    return statement;
  }

  #test() {
    this.#tokens.expect("(");
    const test = this.#tokens.expression();
    this.#tokens.expect(")");
    return test;
  }

  #if(): Statement {
    const tokens: ExpressionParser = this.#tokens;
    tokens.take();
    const test = this.#test();
    const yes = this.#body();
    // `else` may stand behind line feeds and a semicolon.
    let ahead = 0;
    while (["\n", ";"].includes(tokens.peek(ahead).text)) ahead++;
    if (tokens.peek(ahead).text !== "else") return { type: "if", test, yes, no: null };
    for (; ahead >= 0; ahead--) tokens.take();
    return { type: "if", test, yes, no: this.#body() };
  }

  #do(): Statement {
    const tokens: ExpressionParser = this.#tokens;
    tokens.take();
    const body = this.#body();
    while (tokens.accept("\n") || tokens.accept(";"));
    tokens.expect("while");
    return this.#ended({ type: "while", test: this.#test(), body, isAfter: true });
  }

  #for(): Statement {
    const tokens: ExpressionParser = this.#tokens;
    tokens.take();
    tokens.expect("(");
    if (tokens.peek(1).text === "in" && tokens.peek(3).text === ")") {
      const { text: name } = tokens.take();
      tokens.take();
      const { text: array } = tokens.take();
      tokens.expect(")");
      return { type: "each", name, array, body: this.#body() };
    }
    const start = tokens.is(";") ? null : this.#simple();
    tokens.expect(";");
    tokens.skipNewlines();
    const test = tokens.is(";") ? null : tokens.expression();
    tokens.expect(";");
    tokens.skipNewlines();
    const step = tokens.is(")") ? null : this.#simple();
    tokens.expect(")");
    return { type: "for", start, test, step, body: this.#body() };
  }

  #simple(): Statement {
    const tokens: ExpressionParser = this.#tokens;
    const { kind, text } = tokens.token;
    if (kind !== "keyword" || text === "getline")
      return { type: "expression", value: tokens.expression() };
    tokens.take();
    switch (text) {
      case "print":
      case "printf":
        return this.#print(text);
      case "delete":
        return this.#delete();
      case "exit":
      case "return": {
        const isBare = tokens.is(";") || tokens.is("}") || tokens.is("\n");
        return { type: text, value: isBare ? null : tokens.expression() };
      }
      case "break":
      case "continue":
      case "next":
      case "nextfile":
        return { type: text };
      default:
        return tokens.fail();
    }
  }

  #print(type: "print" | "printf"): Statement {
    const tokens: ExpressionParser = this.#tokens;
    const values = tokens.printed();
    for (const operator of [">>", ">", "|"]) {
      if (!tokens.accept(operator)) continue;
      const [target] = tokens.printed();
      if (target === undefined) tokens.fail();
      return { type, values, to: { operator, target } };
    }
    return { type, values, to: null };
  }

  #delete(): Statement {
    const tokens: ExpressionParser = this.#tokens;
    const target = tokens.expression();
    if (target.type === "variable") return { type: "delete", name: target.name, keys: null };
    if (target.type !== "element") tokens.fail();
    return { type: "delete", name: target.name, keys: target.keys };
  }
}
