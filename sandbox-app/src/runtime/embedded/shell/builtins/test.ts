import { MISUSE } from "../run/outcome.ts";
import { compareFiles, compareNumbers, unaryOperators, unaryTest } from "../run/file-tests.ts";
import type { Shell } from "../state/shell.ts";
import { type Builtin, fail } from "./builtin.ts";

/** `test` and `[`: its meaning hangs on the number of arguments (POSIX.1-2017, test). */
export const test: Builtin = async (call) => {
  const { shell, name } = call;
  let args = call.args;
  if (name === "[") {
    if (args.at(-1) !== "]") return fail(call, "missing `]'", MISUSE);
    args = args.slice(0, -1);
  }
  try {
    return new Test(shell, args).run() ? 0 : 1;
  } catch (error) {
    if (error instanceof TestError) return fail(call, error.message, MISUSE);
    throw error;
  }
};

class TestError extends Error {}

const binaryOperators = new Set([
  "=",
  "==",
  "!=",
  "<",
  ">",
  "-eq",
  "-ne",
  "-lt",
  "-le",
  "-gt",
  "-ge",
  "-nt",
  "-ot",
  "-ef",
]);

class Test {
  readonly #shell: Shell;
  readonly #args: readonly string[];
  #at = 0;

  constructor(shell: Shell, args: readonly string[]) {
    this.#shell = shell;
    this.#args = args;
  }

  run(): boolean {
    const [first = "", second = "", third = "", fourth = ""] = this.#args;
    switch (this.#args.length) {
      case 0:
        return false;
      case 1:
        return first !== "";
      case 2:
        if (first === "!") return second === "";
        if (!unaryOperators.has(first)) throw new TestError(`${first}: unary operator expected`);
        return unaryTest(this.#shell, first, second);
      case 3:
        return this.#three(first, second, third);
      case 4:
        if (first === "!") return !this.#three(second, third, fourth);
        if (first === "(" && fourth === ")") return new Test(this.#shell, [second, third]).run();
        return this.#whole();
      default:
        return this.#whole();
    }
  }

  #three(first: string, second: string, third: string): boolean {
    if (binaryOperators.has(second)) return this.#binary(first, second, third);
    if (second === "-a") return first !== "" && third !== "";
    if (second === "-o") return first !== "" || third !== "";
    if (first === "!") return !new Test(this.#shell, [second, third]).run();
    if (first === "(" && third === ")") return second !== "";
    throw new TestError(`${second}: binary operator expected`);
  }

  #whole(): boolean {
    const result = this.#or();
    if (this.#at < this.#args.length) throw new TestError("too many arguments");
    return result;
  }

  #or(): boolean {
    let result = this.#and();
    while (this.#args[this.#at] === "-o") {
      this.#at++;
      const right = this.#and();
      result ||= right;
    }
    return result;
  }

  #and(): boolean {
    let result = this.#not();
    while (this.#args[this.#at] === "-a") {
      this.#at++;
      const right = this.#not();
      result &&= right;
    }
    return result;
  }

  #not(): boolean {
    if (this.#args[this.#at] !== "!") return this.#primary();
    this.#at++;
    return !this.#not();
  }

  #primary(): boolean {
    const first = this.#args[this.#at];
    if (first === undefined) throw new TestError("argument expected");
    const second = this.#args[this.#at + 1] ?? "";
    const third = this.#args[this.#at + 2];
    if (third !== undefined && binaryOperators.has(second)) {
      this.#at += 3;
      return this.#binary(first, second, third);
    }
    if (first === "(") {
      this.#at++;
      const result = this.#or();
      if (this.#args[this.#at++] !== ")") throw new TestError("`)' expected");
      return result;
    }
    if (unaryOperators.has(first) && this.#at + 1 < this.#args.length) {
      this.#at += 2;
      return unaryTest(this.#shell, first, second);
    }
    this.#at++;
    return first !== "";
  }

  #binary(left: string, operator: string, right: string): boolean {
    switch (operator) {
      case "=":
      case "==":
        return left === right;
      case "!=":
        return left !== right;
      case "<":
        return left < right;
      case ">":
        return left > right;
      default: {
        const files = compareFiles(this.#shell, operator, left, right);
        if (files !== null) return files;
        return compareNumbers(operator, number(left), number(right)) ?? false;
      }
    }
  }
}

function number(text: string): bigint {
  if (!/^\s*[+-]?\d+\s*$/.test(text)) throw new TestError(`${text}: integer expression expected`);
  return BigInt(text.trim().replace(/^\+/, ""));
}
