import type { Evaluator, Machine } from "./evaluate.ts";
import { matchPosition, plainFunction, replaced, unknownFunction } from "./functions.ts";
import { chain, type Maybe } from "./maybe.ts";
import type { AwkState } from "./state.ts";
import { AwkError } from "./tokens.ts";
import type { Expression, FunctionDefinition, Target } from "./tree.ts";
import { Input, nothing, numberOf, type Value } from "./values.ts";

/** Calls deeper than this would overflow the stack. */
const CALLS_MAX = 2_000;

/** Calls of functions. */
export class Calls {
  readonly #machine: Machine;
  readonly #evaluator: Evaluator;
  #depth = 0;
  #seed = 0;
  #random = randomFrom(0);

  constructor(machine: Machine, evaluator: Evaluator) {
    this.#machine = machine;
    this.#evaluator = evaluator;
  }

  /** Calls a function of the program, or one of awk's. */
  call(name: string, args: readonly Expression[]): Maybe<Value> {
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
        return chain(first === undefined ? Date.now() : this.#evaluator.value(first), (seed) => {
          const before = this.#seed;
          this.#seed = numberOf(seed);
          this.#random = randomFrom(this.#seed);
          return before;
        });
      case "system":
      case "close":
        return chain(this.#evaluator.values(args), ([value]) =>
          streams[name](this.#evaluator.text(value ?? "")),
        );
      case "fflush":
        return streams.flush().then(() => 0);
      default:
        break;
    }
    return chain(
      this.#evaluator.values(args),
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
    return chain(this.#evaluator.values(scalars), (values) => {
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
          : chain(this.#evaluator.value(separator), (value) => this.#evaluator.text(value));
    return chain(this.#evaluator.value(text), (value) =>
      chain(by, (known) => {
        const parts = state.splitText(this.#evaluator.text(value), known);
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
    return chain(this.#evaluator.pattern(pattern), (known) =>
      chain(this.#evaluator.value(replacement), (by) =>
        chain(this.#evaluator.value(place), (before) => {
          const { text, count } = replaced(
            this.#evaluator.text(before),
            known,
            this.#evaluator.text(by),
            isGlobal,
          );
          const isPlace = ["variable", "field", "element"].includes(place.type);
          if (count === 0 || !isPlace) return count;
          return chain(this.#evaluator.store(place as Target, text), () => count);
        }),
      ),
    );
  }

  #match(text?: Expression, pattern?: Expression, array?: Expression): Maybe<Value> {
    const { state } = this.#machine;
    if (text === undefined || pattern === undefined)
      throw new AwkError("match needs two arguments");
    return chain(this.#evaluator.value(text), (value) =>
      chain(this.#evaluator.pattern(pattern), (known) => {
        const { start, length, groups } = matchPosition(this.#evaluator.text(value), known);
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
