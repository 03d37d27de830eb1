import type { NodeMachine } from "../create-context.ts";
import { evaluateScript } from "../esm/module-code.ts";
import { helper } from "../esm/names.ts";
import { builtinModules } from "../modules/builtin-names.ts";
import { prepareScript } from "../modules/source-code.ts";
import { NODE_VERSION } from "../process/versions.ts";
import { ReplHistory } from "./repl-history.ts";
import { LineInput, type ReplInput, TerminalInput } from "./repl-input.ts";
import { replCode } from "./repl-source.ts";

interface TextFiles {
  readonly readFileSync: (path: string, encoding: "utf8") => string;
  readonly writeFileSync: (path: string, text: string) => void;
}

interface Util {
  readonly inspect: (value: unknown, options?: object) => string;
}

const help = `.break   Sometimes you get stuck, this gets you out
.clear   Alias for .break
.exit    Exit the REPL
.help    Print this help message
.load    Load JS from a file into the REPL session
.save    Save all evaluated commands in this REPL session to a file

Press Ctrl+C to abort current expression, Ctrl+D to exit the REPL`;

/** The prompt of Node: statements over several lines, top-level await, `_`, commands with a dot. */
export async function runRepl(machine: NodeMachine): Promise<void> {
  const { context } = machine;
  const hold = context.loop.hold("TTYWrap");
  const isTerminal = context.system.callSync("terminalSize", 0) !== null;
  const repl = new Repl(machine, isTerminal);
  repl.exposeScope();
  repl.say(`Welcome to Node.js ${NODE_VERSION}.\nType ".help" for more information.`);
  const history = isTerminal ? new ReplHistory(context) : null;
  const input: ReplInput =
    history === null ? new LineInput(context) : new TerminalInput(context, history.inputs);
  // What nobody catches is told, and the prompt goes on.
  machine.process._exceptionCallback = (error) => repl.tellError(error);
  for (let source = await input.next(); source !== null; source = await input.next()) {
    history?.add(source);
    if (!(await repl.enter(source))) break;
  }
  hold.release();
  machine.termination.mainIsPending = false;
  context.loop.enter(() => context.process.exit());
}

class Repl {
  readonly #machine: NodeMachine;
  readonly #isTerminal: boolean;
  readonly #lexical = new Set<string>();
  readonly #entered: string[] = [];
  #count = 0;

  constructor(machine: NodeMachine, isTerminal: boolean) {
    this.#machine = machine;
    this.#isTerminal = isTerminal;
  }

  say(text: string): void {
    this.#machine.context.process.stdout.write(`${text}\n`);
  }

  tellError(error: unknown): void {
    Object.assign(this.#machine.context.global, { _error: error });
    const shown = error instanceof Error ? errorText(error) : this.#inspect(error);
    this.say(`Uncaught ${shown}`);
  }

  /** @returns false when it is time to leave */
  async enter(source: string): Promise<boolean> {
    const text = source.trim();
    const command = /^\.([a-z]+)(?:\s+(.*))?$/s.exec(text);
    if (command !== null) return this.#command(command[1] ?? "", command[2]?.trim() ?? "");
    if (text !== "") {
      this.#entered.push(source);
      await this.#evaluate(source);
    } else if (!this.#isTerminal) await Promise.resolve();
    return true;
  }

  /** What a module has, and every builtin by its name, made when it is first used. */
  exposeScope(): void {
    const { context, loader } = this.#machine;
    const file = `${context.process.cwd()}/<repl>`;
    const module = new loader.Module("<repl>");
    module.paths = loader.Module._nodeModulePaths(context.process.cwd());
    const scope = { module, require: loader.requireFrom(file) };
    for (const [name, value] of Object.entries(scope)) this.#define(name, { value });
    const load = (specifier: string, options: unknown): Promise<object> =>
      loader.import(specifier, file, options);
    this.#define(helper.import, { value: load });
    for (const name of builtinModules) {
      if (!/^[a-z]\w*$/.test(name) || name in context.global) continue;
      const set = (value: unknown): void =>
        this.#define(name, { value, writable: true, enumerable: true });
      this.#define(name, { get: () => context.builtin(name), set });
    }
  }

  async #evaluate(source: string): Promise<void> {
    try {
      const value = await this.#run(source);
      if (value.result !== undefined)
        Object.assign(this.#machine.context.global, { _: value.result });
      this.say(this.#inspect(value.result));
    } catch (error) {
      this.tellError(error);
    }
  }

  /** In an object: a promise that is the value is not waited for. */
  async #run(source: string): Promise<{ readonly result: unknown }> {
    const { loop } = this.#machine;
    const ended = Promise.withResolvers<{ readonly result: unknown }>();
    // A turn of its own, so that ticks and microtasks run behind it.
    loop.enter(() => {
      try {
        const { code, isAsync, lexical, constants } = this.#codeOf(source);
        const name = `REPL${++this.#count}`;
        const value = evaluateScript(`${prepareScript(code)}\n//# sourceURL=${name}`);
        const keep = (result: unknown): void => {
          for (const each of lexical) this.#lexical.add(each);
          for (const each of constants) this.#fix(each);
          ended.resolve({ result });
        };
        if (isAsync) (value as Promise<unknown>).then(keep).catch(ended.reject);
        else keep(value);
      } catch (error) {
        ended.reject(error);
      }
    });
    return ended.promise;
  }

  #codeOf(source: string): ReturnType<typeof replCode> {
    const read = readCode(source);
    const again = read.lexical.find((name) => this.#lexical.has(name));
    if (again === undefined) return read;
    throw new SyntaxError(`Identifier '${again}' has already been declared`);
  }

  /** A constant is a global here, which refuses other values. */
  #fix(name: string): void {
    const value: unknown = Reflect.get(this.#machine.context.global, name);
    const set = (): never => {
      throw new TypeError("Assignment to constant variable.");
    };
    this.#define(name, { get: () => value, set });
  }

  #define(name: string, descriptor: PropertyDescriptor): void {
    const { global } = this.#machine.context;
    const usual = "get" in descriptor ? {} : { writable: true };
    Object.defineProperty(global, name, { configurable: true, ...usual, ...descriptor });
  }

  async #command(name: string, argument: string): Promise<boolean> {
    if (name === "exit") return false;
    if (name === "help") this.say(help);
    else if (name === "load") await this.#load(argument);
    else if (name === "save") this.#save(argument);
    else if (name !== "break" && name !== "clear") this.say("Invalid REPL keyword");
    return true;
  }

  async #load(path: string): Promise<void> {
    try {
      await this.#evaluate(this.#files().readFileSync(path, "utf8"));
    } catch {
      this.say(`Failed to load: ${path}`);
    }
  }

  #save(path: string): void {
    if (path === "") return this.say('The "file" argument must be specified');
    try {
      this.#files().writeFileSync(path, `${this.#entered.join("\n")}\n`);
      this.say(`Session saved to: ${path}`);
    } catch {
      this.say(`Failed to save: ${path}`);
    }
  }

  #files(): TextFiles {
    return this.#machine.context.builtin<TextFiles>("fs");
  }

  #inspect(value: unknown): string {
    const { inspect } = this.#machine.context.builtin<Util>("util");
    return inspect(value, { colors: this.#isTerminal });
  }
}

/** The engine words what is wrong with a script; only what it never sees is the parser's to tell. */
function readCode(source: string): ReturnType<typeof replCode> {
  try {
    return replCode(source);
  } catch (error) {
    if (/^\s*import\s/.test(source)) {
      throw new SyntaxError(
        "Cannot use import statement inside the Node.js REPL, alternatively use dynamic import()",
        { cause: error },
      );
    }
    return { code: source, isAsync: false, lexical: [], constants: [] };
  }
}

/** Without the frames of the prompt itself. */
function errorText(error: Error): string {
  const lines = (error.stack ?? String(error)).split("\n");
  return lines
    .filter((line) => !/^ {4}at .*(?:REPL\d+:|node:internal|<anonymous>\)?$)/.test(line))
    .join("\n");
}
