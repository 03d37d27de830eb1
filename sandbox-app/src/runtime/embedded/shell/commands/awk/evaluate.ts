import { matchPosition, plainFunction, replaced, unknownFunction } from "./functions.ts";
import type { AwkState } from "./state.ts";
import type { AwkStreams, RecordReader } from "./streams.ts";
import { AwkError } from "./tokens.ts";
import type { Expression, FunctionDefinition, Target } from "./tree.ts";
import { compare, Input, isTrue, nothing, numberOf, textOf, type Value } from "./values.ts";

/** A value, or one that has to be waited for: only what reads or runs something is. */
export type Maybe<Result> = Result | Promise<Result>;

export function chain<From, To>(value: Maybe<From>, next: (value: From) => Maybe<To>): Maybe<To> {
  return value instanceof Promise ? value.then(next) : next(value);
}

/** Calls deeper than this would overflow the stack. */
const CALLS_MAX = 2_000;

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
  #depth = 0;
  #seed = 0;
  #random = randomFrom(0);

  constructor(machine: Machine) {
    this.#machine = machine;
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
        return chain(this.#key(node.keys), (key) => {
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
          chain(this.#pattern(node.right), (pattern) =>
            pattern.test(this.text(left)) === node.isNegated ? 0 : 1,
          ),
        );
      case "in":
        return chain(this.#key(node.keys), (key) => (state.array(node.name).has(key) ? 1 : 0));
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
        return this.#call(node.name, node.args);
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
        return chain(this.#key(target.keys), (key) => {
          state.array(target.name).set(key, value);
          return value;
        });
    }
  }

  #key(nodes: readonly Expression[]): Maybe<string> {
    return chain(this.values(nodes), (values) => this.#machine.state.key(values));
  }

  key(nodes: readonly Expression[]): Maybe<string> {
    return this.#key(nodes);
  }

  #pattern(node: Expression): Maybe<RegExp> {
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

  #call(name: string, args: readonly Expression[]): Maybe<Value> {
    const definition = this.#machine.functions.get(name);
    if (definition !== undefined) return this.#callDefined(name, definition, args);
    const { state, streams } = this.#machine;
    const [first, second, third] = args;
    switch (name) {
      case "length":
        if (first?.type === "variable" && state.cell(first.name) instanceof Map)
          return state.array(first.name).size;
        break;
      case "split":
        return this.#split(first, second, third);
      case "sub":
      case "gsub":
        return this.#substitute(name === "gsub", args);
      case "match":
        return this.#match(first, second, third);
      case "rand":
        return this.#random();
      case "srand":
        return chain(first === undefined ? Date.now() : this.value(first), (seed) => {
          const before = this.#seed;
          this.#seed = numberOf(seed);
          this.#random = randomFrom(this.#seed);
          return before;
        });
      case "system":
      case "close":
        return chain(this.values(args), ([value]) => streams[name](this.text(value ?? "")));
      case "fflush":
        return streams.flush().then(() => 0);
      default:
        break;
    }
    return chain(
      this.values(args),
      (values) => plainFunction(name, values, state) ?? unknownFunction(name),
    );
  }

  #callDefined(
    name: string,
    { parameters, body }: FunctionDefinition,
    args: readonly Expression[],
  ): Maybe<Value> {
    const { state } = this.#machine;
    if (this.#depth > CALLS_MAX)
      throw new AwkError(`function ${name}: calls are nested too deeply`);
    if (args.length > parameters.length)
      throw new AwkError(`function ${name} called with too many arguments`);
    // A name that has no scalar value goes as the array that it may become.
    const asArray = (node: Expression): boolean => {
      if (node.type !== "variable") return false;
      const cell = state.cell(node.name);
      return cell instanceof Map || cell === undefined;
    };
    const scalars = args.map((node): Expression =>
      asArray(node) ? { type: "string", value: "" } : node,
    );
    return chain(this.values(scalars), (values) => {
      const outer = state.frame;
      const frame: NonNullable<AwkState["frame"]> = new Map();
      const lent: [string, string][] = [];
      for (const [index, parameter] of parameters.entries()) {
        const node = args[index];
        if (node?.type === "variable" && asArray(node)) {
          const cell = state.cell(node.name);
          frame.set(parameter, cell ?? nothing);
          if (cell === undefined) lent.push([parameter, node.name]);
        } else frame.set(parameter, index < values.length ? (values[index] ?? nothing) : nothing);
      }
      state.frame = frame;
      this.#depth++;
      const leave = (): void => {
        state.frame = outer;
        this.#depth--;
        for (const [parameter, own] of lent) {
          const cell = frame.get(parameter);
          if (cell instanceof Map)
            (outer?.has(own) === true ? outer : state.globals).set(own, cell);
        }
      };
      let returned: Maybe<Value>;
      try {
        returned = this.#machine.runBody({ parameters, body });
      } catch (error) {
        leave();
        throw error;
      }
      if (returned instanceof Promise) return returned.finally(leave);
      leave();
      return returned;
    });
  }

  #split(text?: Expression, array?: Expression, separator?: Expression): Maybe<Value> {
    const { state } = this.#machine;
    if (text === undefined || array?.type !== "variable")
      throw new AwkError("split needs an array");
    const by: Maybe<string | RegExp> =
      separator === undefined
        ? state.text("FS")
        : separator.type === "pattern"
          ? state.pattern(separator.source)
          : chain(this.value(separator), (value) => this.text(value));
    return chain(this.value(text), (value) =>
      chain(by, (known) => {
        const parts = state.splitText(this.text(value), known);
        const into = state.array(array.name);
        into.clear();
        for (const [index, part] of parts.entries()) into.set(String(index + 1), new Input(part));
        return parts.length;
      }),
    );
  }

  #substitute(
    isGlobal: boolean,
    [pattern, replacement, target]: readonly Expression[],
  ): Maybe<Value> {
    if (pattern === undefined || replacement === undefined)
      throw new AwkError("sub needs two arguments");
    const place: Expression = target ?? { type: "field", index: { type: "number", value: 0 } };
    return chain(this.#pattern(pattern), (known) =>
      chain(this.value(replacement), (by) =>
        chain(this.value(place), (before) => {
          const { text, count } = replaced(this.text(before), known, this.text(by), isGlobal);
          const isPlace = ["variable", "field", "element"].includes(place.type);
          if (count === 0 || !isPlace) return count;
          return chain(this.store(place as Target, text), () => count);
        }),
      ),
    );
  }

  #match(text?: Expression, pattern?: Expression, array?: Expression): Maybe<Value> {
    const { state } = this.#machine;
    if (text === undefined || pattern === undefined)
      throw new AwkError("match needs two arguments");
    return chain(this.value(text), (value) =>
      chain(this.#pattern(pattern), (known) => {
        const { start, length, groups } = matchPosition(this.text(value), known);
        state.set("RSTART", start);
        state.set("RLENGTH", length);
        if (array?.type === "variable") {
          const into = state.array(array.name);
          into.clear();
          for (const [index, group] of groups.entries()) into.set(String(index), group);
        }
        return start;
      }),
    );
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

/** A small generator, the same for the same seed (mulberry32). */
function randomFrom(seed: number): () => number {
  let at = seed | 0;
  return () => {
    at = (at + 0x6d2b79f5) | 0;
    let mixed = Math.imul(at ^ (at >>> 15), 1 | at);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
