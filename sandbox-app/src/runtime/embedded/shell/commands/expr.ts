import { type Command, complain } from "./command.ts";
import { compilePattern, PatternError } from "./text/posix-pattern.ts";

/** expr(1): 2 for a bad expression. */
const BAD = 2;

class ExprError extends Error {}

/** `expr` (coreutils). */
export const expr: Command = async (call) => {
  const { shell } = call;
  const args = call.args[0] === "--" ? call.args.slice(1) : call.args;
  if (args.length === 0) {
    await complain(call, "missing operand");
    await shell.complain("Try 'expr --help' for more information.\n");
    return BAD;
  }
  try {
    const value = new Evaluation(args).run();
    await shell.print(`${value}\n`);
    return isNull(value) ? 1 : 0;
  } catch (error) {
    if (error instanceof ExprError || error instanceof PatternError)
      return complain(call, error.message, BAD);
    throw error;
  }
};

function isNull(value: string): boolean {
  return value === "" || /^-?0+$/.test(value);
}

const operators: readonly (readonly string[])[] = [
  ["|"],
  ["&"],
  ["<", "<=", "=", "==", "!=", ">=", ">"],
  ["+", "-"],
  ["*", "/", "%"],
  [":"],
];

class Evaluation {
  readonly #words: readonly string[];
  #at = 0;

  constructor(words: readonly string[]) {
    this.#words = words;
  }

  run(): string {
    const value = this.#level(0);
    const extra = this.#words[this.#at];
    if (extra !== undefined) throw new ExprError(`syntax error: unexpected argument '${extra}'`);
    return value;
  }

  #level(level: number): string {
    const known = operators[level];
    if (known === undefined) return this.#operand();
    let left = this.#level(level + 1);
    for (;;) {
      const operator = this.#words[this.#at] ?? "";
      if (!known.includes(operator)) return left;
      this.#at++;
      left = combined(operator, left, this.#level(level + 1));
    }
  }

  #take(): string {
    const word = this.#words[this.#at++];
    if (word === undefined)
      throw new ExprError(`syntax error: missing argument after '${this.#words.at(-1) ?? ""}'`);
    return word;
  }

  #operand(): string {
    const word = this.#take();
    if (word === "(") {
      const value = this.#level(0);
      if (this.#words[this.#at++] !== ")")
        throw new ExprError(`syntax error: expecting ')' after '${value}'`);
      return value;
    }
    const hasMore = this.#at < this.#words.length;
    if (word === "+" && hasMore) return this.#take();
    if (word === "length" && hasMore) return String([...this.#operand()].length);
    if (word === "match" && hasMore) return matched(this.#operand(), this.#operand());
    if (word === "index" && hasMore) {
      const [text, chars] = [[...this.#operand()], this.#operand()];
      return String(text.findIndex((char) => chars.includes(char)) + 1);
    }
    if (word === "substr" && hasMore) {
      const [text, from, length] = [
        [...this.#operand()],
        Number(this.#operand()),
        Number(this.#operand()),
      ];
      return from < 1 || !(length > 0) ? "" : text.slice(from - 1, from - 1 + length).join("");
    }
    return word;
  }
}

function integer(text: string): bigint {
  if (!/^-?\d+$/.test(text)) throw new ExprError("non-integer argument");
  return BigInt(text);
}

function matched(text: string, pattern: string): string {
  const found = compilePattern(`^${pattern.replace(/^\^/, "")}`, "basic").exec(text);
  const hasGroup = /\\\(/.test(pattern);
  if (hasGroup) return found?.[1] ?? "";
  return String(found === null ? 0 : [...found[0]].length);
}

function combined(operator: string, left: string, right: string): string {
  switch (operator) {
    case "|":
      return isNull(left) ? (isNull(right) && right === "" ? "0" : right) : left;
    case "&":
      return isNull(left) || isNull(right) ? "0" : left;
    case ":":
      return matched(left, right);
    case "+":
      return String(integer(left) + integer(right));
    case "-":
      return String(integer(left) - integer(right));
    case "*":
      return String(integer(left) * integer(right));
    case "/":
    case "%": {
      const [a, b] = [integer(left), integer(right)];
      if (b === 0n) throw new ExprError("division by zero");
      return String(operator === "/" ? a / b : a % b);
    }
    default:
      return compared(operator, left, right) ? "1" : "0";
  }
}

function compared(operator: string, left: string, right: string): boolean {
  const areNumbers = /^-?\d+$/.test(left) && /^-?\d+$/.test(right);
  const [a, b] = areNumbers ? [BigInt(left), BigInt(right)] : [left, right];
  if (operator === "=" || operator === "==") return a === b;
  if (operator === "!=") return a !== b;
  if (operator === "<") return a < b;
  if (operator === "<=") return a <= b;
  return operator === ">" ? a > b : a >= b;
}
