import { defineCommand } from "just-bash/browser";
import type { ShellState, StartShellMessage } from "../kernel/process-messages.ts";
import { PROMPT_PROGRAM } from "../kernel/layout.ts";
import { createBash, rewriteNext } from "./create-bash.ts";
import { functionsIn, syntaxFault } from "./guard.ts";
import type { KernelClient } from "./kernel-client.ts";
import { deliverRest, failedRun } from "./run-program.ts";
import { type Script, type Statement, streamOutput } from "./stream-output.ts";

/** Reports `$?` and everything that `ShellState.script` holds, and waits for the next line. */
const promptSource = `${PROMPT_PROGRAM} "$?" "$(declare -p; set +o; shopt -p; alias)" "$(declare -F)"`;

/** Variables that the shell sets itself, or that hold no state of the user's. */
const ownVariables =
  /^declare -\S+ (\?|_|BASHOPTS|SHELLOPTS|PIPESTATUS|PWD|OLDPWD|OPTIND|[0-9#@*])=/;

/** Options of `set` that are on, among those that just-bash takes back. */
const restorableOption =
  /^set -o (allexport|emacs|errexit|noclobber|noglob|nounset|pipefail|posix|verbose|vi|xtrace)$/;

/**
 * An interactive shell: one run of just-bash whose script never ends, because its statements are
 * read from the terminal as they come. So variables, functions, options and the directory are kept
 * by the interpreter itself. When an error unwinds the run (`${x?}`, `set -u`), a new run starts
 * from the state that the last prompt reported. A terminal's shell keeps its output on the
 * terminal: `exec >file` has no effect on later lines.
 */
export class ShellSession {
  readonly #client: KernelClient;
  readonly #start: StartShellMessage;
  readonly #functions = new Map<string, string>();
  #state: ShellState;

  constructor(start: StartShellMessage, client: KernelClient) {
    this.#start = start;
    this.#client = client;
    this.#state = start.state;
    for (const [name, source] of functionsIn(start.state.script)) {
      this.#functions.set(name, source);
    }
  }

  /** Resolves with the exit code when the user leaves the shell. */
  async run(): Promise<number> {
    for (;;) {
      const { exitCode, hasLeft } = await this.#runOnce();
      if (hasLeft) return exitCode;
      this.#state = { ...this.#state, status: exitCode };
    }
  }

  async #runOnce(): Promise<{ exitCode: number; hasLeft: boolean }> {
    const typed: Typed = { prompts: 0, queue: [] };
    const bash = createBash({
      client: this.#client,
      pid: this.#start.pid,
      cwd: this.#state.cwd,
      env: this.#start.env,
    });
    const parse = (source: string): Script => bash.transform(source).ast;
    const read = async (status: number): Promise<number> => {
      const source = await this.#client.line(this.#state);
      const fault = syntaxFault(source);
      if (fault !== null) return this.#complain(`syntax error: ${fault.message}`);
      try {
        const { statements } = parse(source);
        typed.queue.push(...streamOutput(statements));
      } catch (error) {
        return this.#complain(`syntax error: ${error instanceof Error ? error.message : source}`);
      }
      for (const [name, text] of functionsIn(source)) this.#functions.set(name, text);
      return status;
    };
    bash.registerCommand(
      defineCommand(
        nameOf(PROMPT_PROGRAM),
        async ([status = "0", script = "", functions = ""], { cwd }) => {
          typed.prompts++;
          this.#state = { cwd, status: Number(status), script: this.#restore(script, functions) };
          const exitCode = await read(Number(status));
          return { stdout: "", stderr: "", exitCode };
        },
      ),
    );
    const { script, status } = this.#state;
    // With `set -e`, a status other than 0 would end the shell at once.
    const restored = /^set -o errexit$/m.test(script) ? script : `${script}\n(exit ${status})`;
    const first = parse(restored).statements;
    const prompt = parse(promptSource).statements;
    const arm = rewriteNext(bash, (ast) => ({
      ...ast,
      statements: new GeneratedStatements(() => endless(first, prompt, typed)),
    }));
    arm();
    const result = await bash.exec(":").catch(failedRun);
    await deliverRest(result, this.#client);
    // `exit` and `set -e` leave without a word; an error that unwinds says what it is.
    const hasLeft = result.stderr === "" || typed.prompts === 0;
    return { exitCode: result.exitCode, hasLeft };
  }

  async #complain(message: string): Promise<number> {
    await this.#client.output("stderr", new TextEncoder().encode(`bash: ${message}\n`));
    return 2;
  }

  #restore(script: string, functions: string): string {
    const names = new Set(functions.split("\n").map((line) => line.replace(/^declare -f /, "")));
    const definitions = [...this.#functions].flatMap(([name, source]) =>
      names.has(name) ? [source] : [],
    );
    const lines = script.split("\n").filter((line) => !ownVariables.test(line));
    const options = lines.filter((line) => restorableOption.test(line));
    const others = lines.filter((line) => !/^set [-+]o /.test(line)).map(splitArray);
    // Options last: some would change how the rest is read.
    return [...others, ...definitions, ...options].join("\n");
  }
}

/** just-bash splits quoted elements of an array in `declare`, and keeps them in an assignment. */
function splitArray(line: string): string {
  return line.replace(/^(declare -[aA]\S* (\w+))=\(/, "$1\n$2=(");
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

interface Typed {
  /** How often the prompt asked for a line. */
  prompts: number;
  /** Statements of the line that was read last. */
  readonly queue: Statement[];
}

/** The statements of an interactive shell: the restored state, then prompt and line for ever. */
function* endless(
  first: readonly Statement[],
  prompt: readonly Statement[],
  typed: Typed,
): Generator<Statement, undefined> {
  yield* first;
  for (;;) {
    const { prompts } = typed;
    yield* prompt;
    // A prompt that cannot run would be tried for ever.
    if (typed.prompts === prompts) return;
    yield* typed.queue.splice(0);
  }
}

/** just-bash goes through the statements of a script once, so they need not exist beforehand. */
class GeneratedStatements extends Array<Statement> {
  readonly generate: () => ArrayIterator<Statement>;

  constructor(generate: () => ArrayIterator<Statement>) {
    super();
    this.generate = generate;
  }

  override [Symbol.iterator](): ArrayIterator<Statement> {
    return this.generate();
  }
}
