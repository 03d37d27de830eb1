import { errnoWords } from "../../redirect/error-words.ts";
import { type Command, type CommandCall, complain } from "../command.ts";
import { Output } from "../text/lines.ts";
import { PatternError } from "../text/posix-pattern.ts";
import { inside, type NamedPath, named, statusOf } from "../text/walk.ts";
import { makeAction, type Run, runBatches } from "./actions.ts";
import {
  type Expression,
  ExpressionError,
  type MakeTerm,
  parseExpression,
  type Visit,
  Words,
} from "./expression.ts";
import { makeTest } from "./tests.ts";

/** Options that stand among the tests and hold for all of the search. */
interface Reach {
  low: number;
  high: number;
  contentsFirst: boolean;
  follows: boolean;
}

/** `find` (findutils): tests and actions in any order, commands as real ones. */
export const find: Command = async (call) => {
  const args = [...call.args];
  const reach: Reach = { low: 0, high: Infinity, contentsFirst: false, follows: false };
  while (/^-[HLP]$/.test(args[0] ?? "")) reach.follows = args.shift() === "-L";
  const starts: string[] = [];
  while (args.length > 0 && !/^(?:-.|[!(),])/.test(args[0] ?? "")) starts.push(args.shift() ?? "");
  const run: Run = { call, output: new Output(call.shell), status: 0, isOver: false, batches: [] };
  try {
    const expression = parse(run, args, reach);
    const search = new Search(run, reach, expression);
    for (const start of starts.length === 0 ? ["."] : starts) await search.from(start);
    await runBatches(run);
    return run.status;
  } catch (error) {
    await run.output.flush();
    if (error instanceof ExpressionError || error instanceof PatternError)
      return complain(call, error.message);
    throw error;
  }
};

function parse(run: Run, args: readonly string[], reach: Reach): Expression {
  const make: MakeTerm = (name, words) => {
    if (takesOption(name, words, reach)) return { term: () => true, isAction: false };
    if (name === "-prune") {
      const prune = (visit: Visit): boolean => (visit.isPruned = true);
      return { term: prune, isAction: false };
    }
    const test = makeTest(run.call.shell, name, words);
    if (test !== null) return { term: test, isAction: false };
    const action = makeAction(run, name, words);
    if (name === "-delete") reach.contentsFirst = true;
    return action === null ? null : { term: action, isAction: true };
  };
  if (args.length === 0) return { term: () => true, hasAction: false };
  return parseExpression(new Words(args), make);
}

function takesOption(name: string, words: Words, reach: Reach): boolean {
  switch (name) {
    case "-maxdepth":
    case "-mindepth": {
      const text = words.argument(name);
      if (!/^\d+$/.test(text))
        throw new ExpressionError(
          `Expected a positive decimal integer argument to ${name}, but got '${text}'`,
        );
      if (name === "-maxdepth") reach.high = Number(text);
      else reach.low = Number(text);
      return true;
    }
    case "-depth":
    case "-d":
      reach.contentsFirst = true;
      return true;
    case "-follow":
      reach.follows = true;
      return true;
    case "-regextype":
      words.argument(name);
      return true;
    default:
      return ["-xdev", "-mount", "-daystart", "-noleaf", "-warn", "-nowarn"].includes(name);
  }
}

class Search {
  readonly #run: Run;
  readonly #call: CommandCall;
  readonly #reach: Reach;
  readonly #expression: Expression;

  constructor(run: Run, reach: Reach, expression: Expression) {
    this.#run = run;
    this.#call = run.call;
    this.#reach = reach;
    this.#expression = expression;
  }

  async from(start: string): Promise<void> {
    const place = named(this.#call.shell, start);
    if (statusOf(this.#call.shell, place.path, false) === null) {
      await this.#fail(`‘${start}’: No such file or directory`);
      return;
    }
    await this.#visit(place, start, 0);
  }

  async #visit(place: NamedPath, start: string, depth: number): Promise<void> {
    const { shell } = this.#call;
    const { low, high, contentsFirst, follows } = this.#reach;
    await shell.process.pace(shell.signal);
    const status =
      (follows ? statusOf(shell, place.path) : null) ?? statusOf(shell, place.path, false);
    if (status === null || this.#run.isOver) return;
    const visit: Visit = { ...place, start, depth, status, isPruned: false };
    const isLooked = depth >= low;
    if (isLooked && !contentsFirst) await this.#look(visit);
    const enters =
      status.type === "directory" && depth < high && (contentsFirst || !visit.isPruned);
    if (enters) await this.#enter(visit);
    if (isLooked && contentsFirst && !this.#run.isOver) await this.#look(visit);
  }

  async #enter(visit: Visit): Promise<void> {
    try {
      const entries = await this.#call.shell.process.system.call("readdir", visit.path);
      for (const { name } of entries) {
        if (this.#run.isOver) return;
        await this.#visit(inside(visit, name), visit.start, visit.depth + 1);
      }
    } catch (error) {
      if (!(error instanceof Error && "code" in error)) throw error;
      await this.#fail(`‘${visit.shown}’: ${errnoWords(error)}`);
    }
  }

  async #look(visit: Visit): Promise<void> {
    const { term, hasAction } = this.#expression;
    if ((await term(visit)) && !hasAction) await this.#run.output.add(`${visit.shown}\n`);
  }

  async #fail(message: string): Promise<void> {
    await this.#run.output.flush();
    this.#run.status = await complain(this.#call, message);
  }
}
