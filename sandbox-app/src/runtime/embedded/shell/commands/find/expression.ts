import type { FileStatus } from "../../../kernel/system-calls.ts";
import type { NamedPath } from "../text/walk.ts";

/** A file that is looked at. */
export interface Visit extends NamedPath {
  /** Distance from the starting point. */
  readonly depth: number;
  /** The starting point, as it was written. */
  readonly start: string;
  readonly status: FileStatus;
  /** Set by `-prune`. */
  isPruned: boolean;
}

/** A test or an action; resolves with whether it holds. */
export type Term = (visit: Visit) => boolean | Promise<boolean>;

export interface Expression {
  readonly term: Term;
  /** Whether an action stands in it; without one, what matches is printed. */
  readonly hasAction: boolean;
}

/** The expression is wrong; in find's words. */
export class ExpressionError extends Error {}

/** Makes a term of a name; takes its arguments from the words. */
export type MakeTerm = (name: string, words: Words) => { term: Term; isAction: boolean } | null;

/** Words of the command line that are still to be read. */
export class Words {
  readonly #words: readonly string[];
  #at = 0;

  constructor(words: readonly string[]) {
    this.#words = words;
  }

  get next(): string | undefined {
    return this.#words[this.#at];
  }

  take(): string | undefined {
    return this.#words[this.#at++];
  }

  /** The argument of a test. */
  argument(name: string): string {
    const word = this.take();
    if (word === undefined) throw new ExpressionError(`missing argument to \`${name}'`);
    return word;
  }
}

/** Parses an expression (find(1), OPERATORS): `,` binds least, then `-o`, `-a`, `!`. */
export function parseExpression(words: Words, make: MakeTerm): Expression {
  const parser = new Parser(words, make);
  const term = parser.list();
  if (words.next !== undefined)
    throw new ExpressionError(
      words.next === ")"
        ? "you have too many ')'"
        : `paths must precede expression: \`${words.next}'`,
    );
  return { term, hasAction: parser.hasAction };
}

class Parser {
  readonly #words: Words;
  readonly #make: MakeTerm;
  hasAction = false;

  constructor(words: Words, make: MakeTerm) {
    this.#words = words;
    this.#make = make;
  }

  list(): Term {
    let left = this.#either();
    while (this.#words.next === ",") {
      this.#words.take();
      const [first, second] = [left, this.#either()];
      left = async (visit) => {
        await first(visit);
        return second(visit);
      };
    }
    return left;
  }

  #either(): Term {
    let left = this.#both();
    while (this.#words.next === "-o" || this.#words.next === "-or") {
      this.#words.take();
      const [first, second] = [left, this.#both()];
      left = async (visit) => (await first(visit)) || second(visit);
    }
    return left;
  }

  #both(): Term {
    let left = this.#not();
    for (let word = this.#words.next; isTerm(word); word = this.#words.next) {
      if (word === "-a" || word === "-and") this.#words.take();
      const [first, second] = [left, this.#not()];
      left = async (visit) => (await first(visit)) && second(visit);
    }
    return left;
  }

  #not(): Term {
    const word = this.#words.next;
    if (word !== "!" && word !== "-not") return this.#primary();
    this.#words.take();
    const inner = this.#not();
    return async (visit) => !(await inner(visit));
  }

  #primary(): Term {
    const word = this.#words.take();
    if (word === undefined) throw new ExpressionError("expected an expression");
    if (word === "(") {
      const inner = this.list();
      if (this.#words.take() !== ")")
        throw new ExpressionError(
          "invalid expression; I was expecting to find a ')' somewhere but did not see one.",
        );
      return inner;
    }
    const made = this.#make(word, this.#words);
    if (made === null)
      throw new ExpressionError(
        word.startsWith("-")
          ? `unknown predicate \`${word}'`
          : `paths must precede expression: \`${word}'`,
      );
    if (made.isAction) this.hasAction = true;
    return made.term;
  }
}

function isTerm(word: string | undefined): boolean {
  return word !== undefined && ![")", ",", "-o", "-or"].includes(word);
}
