import { Memo } from "../../syntax/memo.ts";
import { type Expression, parseArithmetic, type Target } from "./parse.ts";
import { ArithmeticError } from "./tokens.ts";

/** The variables that an expression reads and writes. */
export interface ArithmeticVariables {
  /** @param index text between brackets, null without */
  get(name: string, index: string | null): string | undefined;
  set(name: string, index: string | null, value: string): void;
}

/** Variables that hold names of variables are followed so far (expr.c, MAX_EXPR_RECURSION_LEVEL). */
const DEPTH_MAX = 1024;
const SHIFT_MASK = 63n;

const parsed = new Memo<Expression>();

/**
 * Evaluates an expression in 64 bits, as bash does.
 *
 * @throws ArithmeticError
 */
export function evaluate(source: string, variables: ArithmeticVariables, depth = 0): bigint {
  if (/^\s*\d{1,15}\s*$/.test(source) && !/^\s*0\d/.test(source)) return BigInt(source.trim());
  if (depth > DEPTH_MAX)
    throw new ArithmeticError(source, "expression recursion level exceeded", source);
  const expression = parsed.get(source, () => parseArithmetic(source));
  return new Evaluation(source, variables, depth).value(expression);
}

class Evaluation {
  readonly #source: string;
  readonly #variables: ArithmeticVariables;
  readonly #depth: number;

  constructor(source: string, variables: ArithmeticVariables, depth: number) {
    this.#source = source;
    this.#variables = variables;
    this.#depth = depth;
  }

  value(expression: Expression): bigint {
    switch (expression.kind) {
      case "number":
        return expression.value;
      case "variable":
        return this.#read(expression);
      case "unary":
        return unary(expression.operator, this.value(expression.operand));
      case "step":
        return this.#step(expression);
      case "binary":
        return this.#binary(expression);
      case "choice":
        return this.value(expression.test) === 0n
          ? this.value(expression.no)
          : this.value(expression.yes);
      case "assign":
        return this.#assign(expression);
    }
  }

  #read({ name, index }: Target): bigint {
    const text = this.#variables.get(name, index);
    if (text === undefined || text === "") return 0n;
    return evaluate(text, this.#variables, this.#depth + 1);
  }

  #write({ name, index }: Target, value: bigint): bigint {
    this.#variables.set(name, index, String(value));
    return value;
  }

  #step({ operator, prefix, target }: Extract<Expression, { kind: "step" }>): bigint {
    const before = this.#read(target);
    const after = BigInt.asIntN(64, before + (operator === "++" ? 1n : -1n));
    this.#write(target, after);
    return prefix ? after : before;
  }

  #assign({ operator, target, value, token }: Extract<Expression, { kind: "assign" }>): bigint {
    const right = this.value(value);
    if (operator === "") return this.#write(target, right);
    return this.#write(target, this.#compute(operator, this.#read(target), right, token));
  }

  #binary({ operator, left, right, token }: Extract<Expression, { kind: "binary" }>): bigint {
    const first = this.value(left);
    if (operator === "&&") return first !== 0n && this.value(right) !== 0n ? 1n : 0n;
    if (operator === "||") return first !== 0n || this.value(right) !== 0n ? 1n : 0n;
    return this.#compute(operator, first, this.value(right), token);
  }

  #compute(operator: string, left: bigint, right: bigint, token: string): bigint {
    if ((operator === "/" || operator === "%") && right === 0n) {
      throw new ArithmeticError(this.#source, "division by 0", token);
    }
    if (operator === "**" && right < 0n) {
      throw new ArithmeticError(this.#source, "exponent less than 0", token);
    }
    return BigInt.asIntN(64, binary(operator, left, right));
  }
}

function unary(operator: string, operand: bigint): bigint {
  switch (operator) {
    case "-":
      return BigInt.asIntN(64, -operand);
    case "!":
      return truth(operand === 0n);
    case "~":
      return ~operand;
    default:
      return operand;
  }
}

type Operation = (left: bigint, right: bigint) => bigint;

const operations: Readonly<Record<string, Operation>> = {
  ",": (_left, right) => right,
  "|": (left, right) => left | right,
  "^": (left, right) => left ^ right,
  "&": (left, right) => left & right,
  "==": (left, right) => truth(left === right),
  "!=": (left, right) => truth(left !== right),
  "<=": (left, right) => truth(left <= right),
  ">=": (left, right) => truth(left >= right),
  "<": (left, right) => truth(left < right),
  ">": (left, right) => truth(left > right),
  "<<": (left, right) => left << (right & SHIFT_MASK),
  ">>": (left, right) => left >> (right & SHIFT_MASK),
  "+": (left, right) => left + right,
  "-": (left, right) => left - right,
  "*": (left, right) => left * right,
  "/": (left, right) => left / right,
  "%": (left, right) => left % right,
  "**": power,
};

function binary(operator: string, left: bigint, right: bigint): bigint {
  return operations[operator]?.(left, right) ?? 0n;
}

/** In 64 bits at each step: a big exponent must not make a big number. */
function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  let factor = base;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if ((rest & 1n) === 1n) result = BigInt.asIntN(64, result * factor);
    factor = BigInt.asIntN(64, factor * factor);
  }
  return result;
}

function truth(is: boolean): bigint {
  return is ? 1n : 0n;
}
