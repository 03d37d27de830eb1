import type { Function as FunctionNode } from "unbash";
import { resolvePath } from "../../kernel/path.ts";
import { evaluateIndex } from "../expand/arithmetic-text.ts";
import { isRunnable } from "../run/program.ts";
import { assign } from "../run/assign.ts";
import { orAborted, type ShellProcess } from "../run/shell-process.ts";
import { ShellError, ExpansionError } from "../run/outcome.ts";
import { Descriptors } from "../redirect/descriptors.ts";
import { functionText } from "../syntax/function-text.ts";
import { Source } from "../syntax/source.ts";
import { Jobs } from "./jobs.ts";
import { Options } from "./options.ts";
import { addSpecialVariables } from "./special-variables.ts";
import { Traps } from "./traps.ts";
import { Variables } from "./variables.ts";

export interface ShellFunction {
  readonly name: string;
  readonly body: FunctionNode["body"];
  readonly source: Source;
  /** File that defined it, for BASH_SOURCE. */
  readonly file: string;
  /** Child shells get it too (`export -f`). */
  readonly isExported?: boolean;
}

/** A call of a function or a sourced file: what FUNCNAME, BASH_SOURCE and BASH_LINENO show. */
export interface Frame {
  readonly name: string;
  readonly file: string;
  /** Line of the call. */
  readonly line: number;
}

/** The state of one shell or subshell. A subshell starts as a copy and leaves no trace. */
export class Shell {
  readonly process: ShellProcess;
  variables = new Variables();
  functions = new Map<string, ShellFunction>();
  aliases = new Map<string, string>();
  /** Paths of programs that were found, by name. */
  hashed = new Map<string, string>();
  options = new Options();
  traps = new Traps();
  jobs: Jobs;
  descriptors = new Descriptors();
  /** `$0`, and `$1`, `$2`, … */
  name = "bash";
  parameters: readonly string[] = [];
  frames: readonly Frame[] = [];
  cwd = "/";
  directories: readonly string[] = [];
  status = 0;
  /** Status of the last command substitution of the running command. */
  substitutionStatus = 0;
  pipeStatus: readonly number[] = [0];
  lastBackground: number | null = null;
  lastArgument = "";
  pid: number;
  depth = 0;
  loops = 0;
  /** More than 0 where a failure is a condition: `if`, `while`, `&&`, `||`, `!`. */
  conditions = 0;
  source = new Source("");
  position = 0;
  /** Where `source` comes from, as error messages say it. */
  file = "";
  signal: AbortSignal;
  /** It was forked off for `(…)`, and is the subshell that this asks for. */
  isSubshell = false;
  getoptsOffset = 1;
  /** Nesting of `$(…)` and `eval`: how often `set -x` repeats the first character of PS4. */
  traceDepth = 1;
  /** Descriptors of `<(…)` that the running command opened. */
  substitutions: number[] = [];
  /** Told the pid under which a background job runs, once that is known. */
  identify: ((pid: number | null) => void) | null = null;
  /** As `performance.now()` counts. */
  startedAt: number;

  constructor(process: ShellProcess, signal: AbortSignal) {
    this.process = process;
    this.pid = process.system.start.pid;
    this.signal = signal;
    this.startedAt = performance.now();
    this.jobs = new Jobs();
    addSpecialVariables(this);
  }

  /** A copy with its own variables, options, descriptors and directory. */
  subshell(signal: AbortSignal = this.signal): Shell {
    const copy = Object.assign(Object.create(Shell.prototype) as Shell, this);
    copy.variables = this.variables.copy();
    copy.functions = new Map(this.functions);
    copy.aliases = new Map(this.aliases);
    copy.hashed = new Map(this.hashed);
    copy.options = this.options.copy();
    copy.traps = this.traps.forSubshell();
    copy.jobs = new Jobs(this.jobs.shown());
    copy.descriptors = this.descriptors.copy();
    copy.depth = this.depth + 1;
    copy.loops = 0;
    copy.substitutions = [];
    copy.identify = null;
    copy.isSubshell = false;
    copy.signal = signal;
    addSpecialVariables(copy, this.variables);
    return copy;
  }

  /** Whether it shares its process with the shell around it. */
  get isNested(): boolean {
    return this.depth > this.process.depth;
  }

  get line(): number {
    return this.source.lineAt(this.position);
  }

  isOn(option: string): boolean {
    return this.options.set.has(option);
  }

  /** What stands before an error message: `bash: line 3: `. */
  get prefix(): string {
    const name = this.file === "" ? this.name : this.file;
    return this.process.hidesLines ? "bash: " : `${name}: line ${this.line}: `;
  }

  /** What children get: exported variables, and functions as bash hands them down. */
  environment(): Record<string, string> {
    const environment = this.variables.environment();
    for (const called of this.functions.values()) {
      if (called.isExported !== true) continue;
      const text = functionText(called).trimEnd();
      environment[`BASH_FUNC_${called.name}%%`] = text.slice(called.name.length + 1);
    }
    return environment;
  }

  async print(text: string): Promise<void> {
    await this.write(1, new TextEncoder().encode(text));
  }

  async write(fd: number, bytes: Uint8Array): Promise<void> {
    if (bytes.byteLength === 0) return;
    const handle = this.descriptors.get(fd);
    if (handle === undefined) throw new ShellError("write error: Bad file descriptor");
    await handle.file.write(bytes);
  }

  /** Says something on standard error, as it is. */
  async complain(text: string): Promise<void> {
    await this.descriptors.get(2)?.file.write(new TextEncoder().encode(text));
  }

  /** Says an error of the shell itself. */
  async report(message: string): Promise<void> {
    await this.complain(`${this.prefix}${message}\n`);
  }

  /** An arithmetic expression without expansions in it, as a number. */
  evaluate(text: string): number {
    return evaluateIndex(this)(text);
  }

  /** Whether a path is a file that can be run. */
  isRunnable(path: string): boolean {
    return isRunnable(this, resolvePath(this.cwd, path));
  }

  /** Waits, unless the command is interrupted first. */
  untilAborted<Value>(waiting: Promise<Value>): Promise<Value> {
    return orAborted(waiting, this.signal);
  }

  /** Assigns to `name` or `name[index]`, as builtins do that take names. */
  assignName(name: string, value: string): void {
    const match = /^(\w+)\[(.*)\]$/s.exec(name);
    const assignment = { append: false, value };
    if (match === null) assign(this, { ...assignment, name, index: null });
    else assign(this, { ...assignment, name: match[1] ?? "", index: match[2] ?? "" });
  }

  /** A parameter that `set -u` insists on. */
  unbound(name: string): ExpansionError {
    return new ExpansionError(`${name}: unbound variable`, this.process.isInteractive ? 1 : 127);
  }
}
