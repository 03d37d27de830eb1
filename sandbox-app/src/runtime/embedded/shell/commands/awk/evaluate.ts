import { Calls } from "./calls.ts";
import { chain, type Maybe } from "./maybe.ts";
import type { AwkState } from "./state.ts";
import type { AwkStreams, RecordReader } from "./streams.ts";
import { AwkError } from "./tokens.ts";
import type { Expression, FunctionDefinition, Target } from "./tree.ts";
import { compare, Input, isTrue, nothing, numberOf, textOf, type Value } from "./values.ts";

/** What evaluation needs from the rest of the interpreter. */
export interface Machine {
  readonly state: AwkState;
  readonly streams: AwkStreams;
  readonly functions: ReadonlyMap<string, FunctionDefinition>;
  /** Runs a function's body; resolves with what it returns. */
  runBody(definition: FunctionDefinition): Maybe<Value>;
  /** The next record of the main input. */
  nextRecord(): Maybe<string | null>;
}

/** Evaluates expressions. */
export class Evaluator {
  readonly #machine: Machine;
  readonly #calls: Calls;

  constructor(machine: Machine) {
    this.#machine = machine;
    this.#calls = new Calls(machine, this);
  }

  value(node: Expression): Maybe<Value> {
    const { state } = this.#machine;
    switch (node.type) {
      case "number":
      case "string":
        return node.value;
      case "variable":
        return state.get(node.name);
      case "field":
        return chain(this.value(node.index), (index) => state.field(Math.trunc(numberOf(index))));
      case "element":
        return chain(this.key(node.keys), (key) => {
          const array = state.array(node.name);
          const found = array.get(key);
          // Whoever looks at an element makes it (POSIX).
          if (found === undefined) array.set(key, nothing);
          return found ?? nothing;
        });
      case "pattern":
        return state.pattern(node.source).test(state.record) ? 1 : 0;
      case "assign":
        return this.#assign(node);
      case "condition":
        return chain(this.value(node.test), (test) =>
          this.value(isTrue(test) ? node.yes : node.no),
        );
      case "and":
      case "or":
        return chain(this.value(node.left), (left) => {
          if (isTrue(left) === (node.type === "or")) return isTrue(left) ? 1 : 0;
          return chain(this.value(node.right), (right) => (isTrue(right) ? 1 : 0));
        });
      default:
        return this.#compound(node);
    }
  }

  #compound(node: Expression): Maybe<Value> {
    const { state } = this.#machine;
    switch (node.type) {
      case "binary":
        return chain(this.value(node.left), (left) =>
          chain(this.value(node.right), (right) => this.#binary(node.operator, left, right)),
        );
      case "match":
        return chain(this.value(node.left), (left) =>
          chain(this.pattern(node.right), (pattern) =>
            pattern.test(this.text(left)) === node.isNegated ? 0 : 1,
          ),
        );
      case "in":
        return chain(this.key(node.keys), (key) => (state.array(node.name).has(key) ? 1 : 0));
      case "unary":
        return chain(this.value(node.value), (value) => {
          if (node.operator === "!") return isTrue(value) ? 0 : 1;
          return node.operator === "-" ? -numberOf(value) : numberOf(value);
        });
      case "step":
        return chain(this.value(node.target), (before) => {
          const old = numberOf(before);
          return chain(this.store(node.target, old + node.by), () =>
            node.isPrefix ? old + node.by : old,
          );
        });
      case "call":
        return this.#calls.call(node.name, node.args);
      case "getline":
        return this.#getline(node);
      case "group":
        return chain(this.values(node.values), (values) => this.#machine.state.key(values));
      default:
        throw new AwkError("syntax error");
    }
  }

  text(value: Value): string {
    return textOf(value, this.#machine.state.text("CONVFMT"));
  }

  values(nodes: readonly Expression[], from = 0, done: readonly Value[] = []): Maybe<Value[]> {
    const values = [...done];
    for (let at = from; at < nodes.length; at++) {
      const node = nodes[at];
      if (node === undefined) break;
      const value = this.value(node);
      if (value instanceof Promise)
        return value.then((known) => this.values(nodes, at + 1, [...values, known]));
      values.push(value);
    }
    return values;
  }

  store(target: Target, value: Value): Maybe<Value> {
    const { state } = this.#machine;
    switch (target.type) {
      case "variable":
        state.set(target.name, value);
        return value;
      case "field":
        return chain(this.value(target.index), (index) => {
          state.setField(Math.trunc(numberOf(index)), value);
          return value;
        });
      case "element":
        return chain(this.key(target.keys), (key) => {
          state.array(target.name).set(key, value);
          return value;
        });
    }
  }

  /** The subscript that expressions make. */
  key(nodes: readonly Expression[]): Maybe<string> {
    return chain(this.values(nodes), (values) => this.#machine.state.key(values));
  }

  /** An expression as a pattern. */
  pattern(node: Expression): Maybe<RegExp> {
    const { state } = this.#machine;
    if (node.type === "pattern") return state.pattern(node.source);
    return chain(this.value(node), (value) => state.pattern(this.text(value)));
  }

  #assign({ operator, target, value }: Extract<Expression, { type: "assign" }>): Maybe<Value> {
    return chain(this.value(value), (right) => {
      if (operator === "") return this.store(target, right);
      return chain(this.value(target), (left) =>
        this.store(target, this.#binary(operator, left, right)),
      );
    });
  }

  #binary(operator: string, left: Value, right: Value): Value {
    const [a, b] = [numberOf(left), numberOf(right)];
    switch (operator) {
      case "":
        return this.text(left) + this.text(right);
      case "+":
        return a + b;
      case "-":
        return a - b;
      case "*":
        return a * b;
      case "/":
      case "%":
        if (b === 0) throw new AwkError("division by zero");
        return operator === "/" ? a / b : a % b;
      case "^":
        return a ** b;
      case "<":
        return compare(left, right) < 0 ? 1 : 0;
      case "<=":
        return compare(left, right) <= 0 ? 1 : 0;
      case ">":
        return compare(left, right) > 0 ? 1 : 0;
      case ">=":
        return compare(left, right) >= 0 ? 1 : 0;
      case "==":
        return compare(left, right) === 0 ? 1 : 0;
      default:
        return compare(left, right) === 0 ? 0 : 1;
    }
  }

  async #getline(node: Extract<Expression, { type: "getline" }>): Promise<Value> {
    const { state, streams } = this.#machine;
    let record: string | null;
    if (node.from === "input" || node.source === null) record = await this.#machine.nextRecord();
    else {
      const name = this.text(await this.value(node.source));
      const reader: RecordReader | null = await streams.input(
        node.from === "file" ? "file" : "command",
        name,
      );
      if (reader === null) return -1;
      record = await reader.next(state.text("RS"));
      if (record !== null && node.from === "command")
        state.set("NR", numberOf(state.get("NR")) + 1);
    }
    if (record === null) return 0;
    if (node.target === null) state.record = record;
    else await this.store(node.target, new Input(record));
    return 1;
  }
}
