import { AwkError, type Token } from "./tokens.ts";

/** A place among the tokens of a program. */
export class TokenCursor {
  readonly #tokens: readonly Token[];
  #at = 0;
  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  get token(): Token {
    return this.#tokens[this.#at] ?? { kind: "end", text: "" };
  }

  peek(distance = 1): Token {
    return this.#tokens[this.#at + distance] ?? { kind: "end", text: "" };
  }

  is(text: string): boolean {
    const { kind, text: found } = this.token;
    return found === text && (kind === "sign" || kind === "keyword" || kind === "newline");
  }

  take(): Token {
    const { token } = this;
    this.#at++;
    return token;
  }

  accept(text: string): boolean {
    if (!this.is(text)) return false;
    this.#at++;
    return true;
  }

  expect(text: string): void {
    if (!this.accept(text)) this.fail();
  }

  fail(): never {
    const { kind, text } = this.token;
    const shown = kind === "end" ? "end of program" : kind === "newline" ? "newline" : text;
    throw new AwkError(`syntax error at or near ${shown}`);
  }

  skipNewlines(): void {
    while (this.accept("\n"));
  }
}
