import type { NodeOptions } from "../context.ts";
import { aliases, isTestOption, optionTable, testOptionTakesValue } from "./option-table.ts";

/** What the command line asks for. */
export interface CommandLine {
  readonly options: NodeOptions;
  /** Options as given, for `process.execArgv`. */
  readonly execArgv: readonly string[];
  /** `--require` in order. */
  readonly require: readonly string[];
  readonly import: readonly string[];
  readonly envFiles: readonly { readonly path: string; readonly optional: boolean }[];
  readonly inputType: string | null;
  readonly stackTraceLimit: number | null;
  readonly title: string | null;
  /** `--watch`, with the paths of `--watch-path`. */
  readonly watch: { readonly paths: readonly string[]; readonly preservesOutput: boolean } | null;
  readonly action:
    | { readonly kind: "version" | "help" | "test" | "repl" | "stdin" }
    | { readonly kind: "file" | "check"; readonly path: string }
    | { readonly kind: "eval"; readonly source: string; readonly print: boolean }
    | { readonly kind: "run"; readonly script: string };
  /** What the program gets, behind its own name. */
  readonly args: readonly string[];
}

export interface BadOption {
  readonly message: string;
}

interface Given {
  readonly name: string;
  readonly value: string | true;
}

/** Parses the arguments behind `node`, with those of NODE_OPTIONS before them. */
export function parseCommandLine(
  args: readonly string[],
  nodeOptions: string,
  stdinIsTerminal: boolean,
): CommandLine | BadOption {
  const fromEnvironment = readOptions(splitNodeOptions(nodeOptions), true);
  if ("message" in fromEnvironment) return fromEnvironment;
  if (fromEnvironment.rest.length > 0) {
    return { message: `node: ${fromEnvironment.rest[0]} is not allowed in NODE_OPTIONS` };
  }
  const own = readOptions(args, false);
  if ("message" in own) return own;
  const given = [...fromEnvironment.given, ...own.given];
  const execArgv = args.slice(0, args.length - own.rest.length - (own.sawDashes ? 1 : 0));
  return assemble(given, own, execArgv, stdinIsTerminal);
}

interface Read {
  readonly given: readonly Given[];
  readonly rest: readonly string[];
  readonly sawDashes: boolean;
}

function readOptions(args: readonly string[], inNodeOptions: boolean): Read | BadOption {
  const given: Given[] = [];
  for (let index = 0; index < args.length;) {
    const arg = args[index] ?? "";
    if (arg === "--") return { given, rest: args.slice(index + 1), sawDashes: true };
    if (!arg.startsWith("-") || arg === "-") {
      return { given, rest: args.slice(index), sawDashes: false };
    }
    const option = readOption(arg, args[index + 1], inNodeOptions);
    if ("message" in option) return option;
    given.push(option);
    index += option.takesNext ? 2 : 1;
  }
  return { given, rest: [], sawDashes: false };
}

function readOption(
  arg: string,
  next: string | undefined,
  inNodeOptions: boolean,
): (Given & { readonly takesNext: boolean }) | BadOption {
  const equals = arg.startsWith("--") ? arg.indexOf("=") : -1;
  const typed = equals < 0 ? arg : arg.slice(0, equals);
  const value = equals < 0 ? true : arg.slice(equals + 1);
  const name = aliases[typed] ?? typed.replaceAll("_", "-");
  if (isTestOption(name)) {
    return value === true && testOptionTakesValue(name)
      ? readValue(name, typed, next)
      : { name, value, takesNext: false };
  }
  const rule = optionTable[name];
  if (rule === undefined) return { message: `node: bad option: ${arg}` };
  if (inNodeOptions && !rule.inNodeOptions) {
    return { message: `node: ${typed} is not allowed in NODE_OPTIONS` };
  }
  if (typeof rule.use === "object") return { message: `node: ${typed}: ${rule.use.refused}` };
  if (rule.takes !== "value" || equals >= 0) return { name, value, takesNext: false };
  return readValue(name, typed, next);
}

function readValue(
  name: string,
  typed: string,
  next: string | undefined,
): (Given & { readonly takesNext: boolean }) | BadOption {
  const isSource = name === "--eval" || name === "--print";
  if (next !== undefined && (isSource || !next.startsWith("-"))) {
    return { name, value: next, takesNext: true };
  }
  // `-p` alone prints what comes from standard input; everything else needs its value.
  if (name === "--print") return { name, value: true, takesNext: false };
  return { message: `node: ${typed} requires an argument` };
}

function assemble(
  given: readonly Given[],
  { rest }: Read,
  execArgv: readonly string[],
  stdinIsTerminal: boolean,
): CommandLine {
  const values = (name: string): string[] =>
    given.flatMap((option) =>
      option.name === name && option.value !== true ? [option.value] : [],
    );
  const has = (name: string): boolean => given.some((option) => option.name === name);
  const action = actionOf(given, rest, stdinIsTerminal);
  const limit = values("--stack-trace-limit").at(-1);
  const rejections = values("--unhandled-rejections").at(-1);
  return {
    options: {
      conditions: values("--conditions"),
      test: Object.fromEntries(
        given.filter(({ name }) => isTestOption(name)).map(({ name, value }) => [name, value]),
      ),
      traceWarnings: has("--trace-warnings"),
      noWarnings: has("--no-warnings"),
      noDeprecation: has("--no-deprecation"),
      throwDeprecation: has("--throw-deprecation"),
      traceDeprecation: has("--trace-deprecation"),
      unhandledRejections: isRejectionMode(rejections) ? rejections : "throw",
      exposeGc: has("--expose-gc"),
    },
    execArgv,
    require: values("--require"),
    import: values("--import"),
    envFiles: given.flatMap(({ name, value }) =>
      name.startsWith("--env-file") && value !== true
        ? [{ path: value, optional: name === "--env-file-if-exists" }]
        : [],
    ),
    inputType: values("--input-type").at(-1) ?? null,
    stackTraceLimit: limit === undefined ? null : Number(limit),
    title: values("--title").at(-1) ?? null,
    watch:
      has("--watch") || has("--watch-path")
        ? { paths: values("--watch-path"), preservesOutput: has("--watch-preserve-output") }
        : null,
    action,
    args:
      action.kind === "file" || action.kind === "check" || rest[0] === "-" ? rest.slice(1) : rest,
  };
}

function actionOf(
  given: readonly Given[],
  rest: readonly string[],
  stdinIsTerminal: boolean,
): CommandLine["action"] {
  const has = (name: string): boolean => given.some((option) => option.name === name);
  if (has("--version")) return { kind: "version" };
  if (has("--help")) return { kind: "help" };
  const script = given.find(({ name }) => name === "--run")?.value;
  if (typeof script === "string") return { kind: "run", script };
  const source = given.findLast(({ name }) => name === "--eval" || name === "--print")?.value;
  if (typeof source === "string") return { kind: "eval", source, print: has("--print") };
  if (has("--test")) return { kind: "test" };
  const [path] = rest;
  if (path !== undefined && path !== "-") return { kind: has("--check") ? "check" : "file", path };
  return { kind: has("--interactive") || (stdinIsTerminal && path !== "-") ? "repl" : "stdin" };
}

type RejectionMode = NodeOptions["unhandledRejections"];

function isRejectionMode(mode: string | undefined): mode is RejectionMode {
  return ["throw", "strict", "warn", "none", "warn-with-error-code"].includes(mode ?? "");
}

/** Separated by spaces; double quotes keep them, a backslash keeps the next character. */
export function splitNodeOptions(text: string): string[] {
  const parts: string[] = [];
  let part: string | null = null;
  let isQuoted = false;
  for (let index = 0; index < text.length; index++) {
    let character = text[index] ?? "";
    if (character === "\\" && isQuoted) character = text[++index] ?? "";
    else if (character === " " && !isQuoted) {
      if (part !== null) parts.push(part);
      part = null;
      continue;
    } else if (character === '"') {
      isQuoted = !isQuoted;
      part ??= "";
      continue;
    }
    part = (part ?? "") + character;
  }
  if (part !== null) parts.push(part);
  return parts;
}
