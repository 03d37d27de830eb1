import type { Shell } from "../../state/shell.ts";
import { Evaluator, type Machine } from "./evaluate.ts";
import { chain, type Maybe } from "./maybe.ts";
import { AwkState } from "./state.ts";
import { AwkStreams } from "./streams.ts";
import type { FunctionDefinition, Program, Rule, Statement } from "./tree.ts";
import { formatted, isTrue, nothing, numberOf, textOf, type Value } from "./values.ts";

/** How a statement left. */
type Flow = "on" | "break" | "continue" | "return";

/** Leaves the rules for this record, this file or all of them. */
export class Jump extends Error {
  readonly kind: "next" | "nextfile" | "exit";

  constructor(kind: "next" | "nextfile" | "exit") {
    super(kind);
    this.kind = kind;
  }
}

/** Runs the statements of a program. */
export class AwkMachine implements Machine {
  readonly state = new AwkState();
  readonly streams: AwkStreams;
  readonly functions: ReadonlyMap<string, FunctionDefinition>;
  readonly evaluator: Evaluator;
  status = 0;
  nextRecord: () => Maybe<string | null> = () => null;
  readonly #shell: Shell;
  readonly #rules: readonly Rule[];
  /** Ranges that have begun and not ended. */
  readonly #open = new Set<Rule>();
  #returned: Value = nothing;

  constructor(shell: Shell, { rules, functions }: Program) {
    this.#shell = shell;
    this.#rules = rules;
    this.functions = functions;
    this.streams = new AwkStreams(shell);
    this.evaluator = new Evaluator(this);
  }

  get readsInput(): boolean {
    return this.#rules.some(({ kind }) => kind !== "begin");
  }

  /** @throws Jump for `exit` */
  async runOnce(kind: "begin" | "end"): Promise<void> {
    for (const rule of this.#rules) {
      if (rule.kind === kind && rule.body !== null) await this.#run(rule.body);
    }
  }

  /**
   * All rules for the record at hand.
   *
   * @throws Jump
   */
  runRecord(from = 0): Maybe<void> {
    for (let at = from; at < this.#rules.length; at++) {
      const rule = this.#rules[at];
      if (rule?.kind !== "main") continue;
      const done = chain(this.#isSelected(rule), (isSelected): Maybe<unknown> => {
        if (!isSelected) return null;
        if (rule.body !== null) return this.#run(rule.body);
        return this.streams.standard.put(this.state.record + this.state.text("ORS"));
      });
      if (done instanceof Promise) return done.then(() => this.runRecord(at + 1));
    }
    return undefined;
  }

  #isSelected(rule: Rule): Maybe<boolean> {
    const { from, to } = rule;
    const holds = (test: NonNullable<Rule["from"]>): Maybe<boolean> =>
      chain(this.evaluator.value(test), isTrue);
    if (from === null) return true;
    if (to === null) return holds(from);
    const starts = this.#open.has(rule) ? true : holds(from);
    return chain(starts, (isIn) => {
      if (!isIn) return false;
      this.#open.add(rule);
      return chain(holds(to), (isLast) => {
        if (isLast) this.#open.delete(rule);
        return true;
      });
    });
  }

  runBody({ body }: FunctionDefinition): Maybe<Value> {
    this.#returned = nothing;
    return chain(this.#run(body), (flow) => {
      const returned = flow === "return" ? this.#returned : nothing;
      this.#returned = nothing;
      return returned;
    });
  }

  #run(node: Statement): Maybe<Flow> {
    switch (node.type) {
      case "block":
        return this.#block(node.body, 0);
      case "expression":
        return chain(this.evaluator.value(node.value), () => "on" as const);
      case "if":
        return chain(this.evaluator.value(node.test), (test) => {
          if (isTrue(test)) return this.#run(node.yes);
          return node.no === null ? "on" : this.#run(node.no);
        });
      case "while":
        return this.#loop(node.body, node.test, null, node.isAfter);
      case "for":
        return chain(node.start === null ? "on" : this.#run(node.start), () =>
          this.#loop(node.body, node.test, node.step, false),
        );
      case "each":
        return this.#each(node, [...this.state.array(node.array).keys()], 0);
      case "break":
      case "continue":
        return node.type;
      default:
        return this.#leaf(node);
    }
  }

  #leaf(node: Statement): Maybe<Flow> {
    switch (node.type) {
      case "next":
      case "nextfile":
        throw new Jump(node.type);
      case "exit":
        return chain(
          node.value === null ? this.status : this.evaluator.value(node.value),
          (value) => {
            this.status = numberOf(value) & 0xff;
            throw new Jump("exit");
          },
        );
      case "return":
        return chain(node.value === null ? nothing : this.evaluator.value(node.value), (value) => {
          this.#returned = value;
          return "return" as const;
        });
      case "delete":
        if (node.keys === null) {
          this.state.array(node.name).clear();
          return "on";
        }
        return chain(this.evaluator.key(node.keys), (key) => {
          this.state.array(node.name).delete(key);
          return "on" as const;
        });
      case "print":
      case "printf":
        return this.#print(node);
      default:
        return "on";
    }
  }

  #block(body: readonly Statement[], from: number): Maybe<Flow> {
    for (let at = from; at < body.length; at++) {
      const node = body[at];
      if (node === undefined) break;
      const flow = this.#run(node);
      if (flow instanceof Promise)
        return flow.then((known) => (known === "on" ? this.#block(body, at + 1) : known));
      if (flow !== "on") return flow;
    }
    return "on";
  }

  /** A loop runs in one go until something has to be waited for. */
  #loop(
    body: Statement,
    test: Parameters<Evaluator["value"]>[0] | null,
    step: Statement | null,
    isFirst: boolean,
  ): Maybe<Flow> {
    let skipsTest = isFirst;
    for (;;) {
      const holds = skipsTest || test === null ? 1 : this.evaluator.value(test);
      skipsTest = false;
      const flow = chain(holds, (value): Maybe<Flow> =>
        isTrue(value) ? this.#run(body) : "break",
      );
      const after = chain(flow, (known): Maybe<Flow> => {
        if (known === "break" || known === "return" || step === null) return known;
        return chain(this.#run(step), () => "on" as const);
      });
      if (after instanceof Promise) {
        return after.then(async (known) => {
          await this.#shell.process.pace(this.#shell.signal);
          if (known === "return") return known;
          return known === "break" ? "on" : this.#loop(body, test, step, false);
        });
      }
      if (after === "return") return after;
      if (after === "break") return "on";
    }
  }

  #each(
    node: Extract<Statement, { type: "each" }>,
    keys: readonly string[],
    from: number,
  ): Maybe<Flow> {
    for (let at = from; at < keys.length; at++) {
      this.state.set(node.name, keys[at] ?? "");
      const flow = this.#run(node.body);
      if (flow instanceof Promise)
        return flow.then((known) => {
          if (known === "return") return known;
          return known === "break" ? "on" : this.#each(node, keys, at + 1);
        });
      if (flow === "return") return flow;
      if (flow === "break") break;
    }
    return "on";
  }

  #print(node: Extract<Statement, { type: "print" | "printf" }>): Maybe<Flow> {
    const { state, streams } = this;
    return chain(this.evaluator.values(node.values), (values) => {
      const format = state.text("OFMT");
      const [first = nothing, ...others] = values;
      const text =
        node.type === "printf"
          ? formatted(textOf(first), others)
          : (values.length === 0
              ? state.record
              : values.map((value) => textOf(value, format)).join(state.text("OFS"))) +
            state.text("ORS");
      const { to } = node;
      if (to === null) return chain(streams.standard.put(text), () => "on" as const);
      return chain(this.evaluator.value(to.target), async (target) => {
        await (await streams.output(to.operator, textOf(target))).add(text);
        return "on" as const;
      });
    });
  }
}
