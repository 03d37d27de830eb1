import type { NodeContext } from "../../context.ts";
import { formatTime } from "./format-time.ts";
import { renderTable } from "./table.ts";

interface Output {
  write(text: string, callback?: (error?: Error | null) => void): unknown;
  readonly isTTY?: boolean;
  getColorDepth?(): number;
  once?(event: string, listener: () => void): unknown;
  off?(event: string, listener: () => void): unknown;
  listenerCount?(event: string): number;
  readonly _writableState?: { readonly errorEmitted: boolean };
}

export interface ConsoleOptions {
  readonly stdout: Output;
  readonly stderr?: Output;
  readonly ignoreErrors?: boolean;
  readonly colorMode?: boolean | "auto";
  readonly inspectOptions?: object;
  readonly groupIndentation?: number;
}

interface Formatting {
  formatWithOptions(options: object, ...args: unknown[]): string;
  inspect(value: unknown, options?: object): string;
}

type Methods = Record<string, (...args: never[]) => unknown>;

type Which = "stdout" | "stderr";

/** How one console writes: to which stream, in what colors, how far to the right. */
class Printer {
  readonly options: ConsoleOptions;
  readonly #node: NodeContext;
  #indent = "";

  constructor(node: NodeContext, options: ConsoleOptions) {
    this.#node = node;
    this.options = options;
  }
  get util(): Formatting {
    return this.#node.builtin<Formatting>("util");
  }
  stream(which: Which): Output {
    return which === "stderr" ? (this.options.stderr ?? this.options.stdout) : this.options.stdout;
  }
  styleOf(stream: Output): object {
    const { colorMode = "auto", inspectOptions } = this.options;
    const colors =
      colorMode === "auto"
        ? stream.isTTY === true && (stream.getColorDepth?.() ?? 1) > 2
        : colorMode;
    return { colors, ...inspectOptions };
  }
  print(which: Which, text: string): void {
    const stream = this.stream(which);
    const indent = this.#indent;
    const lines = indent === "" ? text : indent + text.replaceAll("\n", `\n${indent}`);
    if (this.options.ignoreErrors === false) stream.write(`${lines}\n`);
    else writeIgnoringErrors(stream, `${lines}\n`);
  }
  show(which: Which, args: readonly unknown[]): void {
    const style = this.styleOf(this.stream(which));
    this.print(which, this.util.formatWithOptions(style, ...args));
  }
  indent(): void {
    this.#indent += " ".repeat(this.options.groupIndentation ?? 2);
  }
  unindent(): void {
    this.#indent = this.#indent.slice(0, -(this.options.groupIndentation ?? 2));
  }
}

function ignore(): void {}

/**
 * A console call does not throw when its stream fails, and keeps the first error of a stream from
 * becoming an uncaught one; Node lets those that follow be uncaught.
 */
function writeIgnoringErrors(stream: Output, text: string): void {
  const nobodyListens = (): boolean => stream.listenerCount?.("error") === 0;
  if (nobodyListens()) stream.once?.("error", ignore);
  try {
    stream.write(text, (error) => {
      const wasTold = stream._writableState?.errorEmitted === true;
      if (error && !wasTold && nobodyListens()) stream.once?.("error", ignore);
    });
  } catch (error) {
    if (error instanceof RangeError) throw error;
  } finally {
    stream.off?.("error", ignore);
  }
}

/** The methods of one console, bound to their streams as Node's are. */
export function createConsoleMethods(node: NodeContext, options: ConsoleOptions): Methods {
  const printer = new Printer(node, options);
  const log = (...args: unknown[]) => printer.show("stdout", args);
  const warn = (...args: unknown[]) => printer.show("stderr", args);
  const group = (...args: unknown[]) => {
    if (args.length > 0) log(...args);
    printer.indent();
  };
  return {
    log,
    warn,
    error: warn,
    info: log,
    debug: log,
    dir: (value: unknown, dirOptions?: object) => {
      const style = { customInspect: false, ...printer.styleOf(options.stdout), ...dirOptions };
      printer.print("stdout", printer.util.inspect(value, style));
    },
    dirxml: log,
    trace: (...args: unknown[]) => printer.print("stderr", traceText(printer.util, args)),
    assert: (condition: unknown, ...args: unknown[]) => {
      if (condition) return;
      if (typeof args[0] === "string") args[0] = `Assertion failed: ${args[0]}`;
      else args.unshift("Assertion failed");
      warn(...args);
    },
    clear: () => {
      if (options.stdout.isTTY === true) options.stdout.write("\u001B[1;1H\u001B[0J");
    },
    group,
    groupCollapsed: group,
    groupEnd: () => printer.unindent(),
    table: (data: unknown, columns?: readonly string[]) => {
      const text = renderTable(data, columns, (value) => inspectCell(printer, value));
      if (text === null) log(data);
      else printer.print("stdout", text);
    },
    ...countMethods(log, node),
    ...timeMethods(
      node,
      log,
      (which, text) => printer.print(which, text),
      () => printer.util,
    ),
    timeStamp: () => undefined,
    profile: () => undefined,
    profileEnd: () => undefined,
    context: () => undefined,
  };
}

function inspectCell(printer: Printer, value: unknown): string {
  const big =
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    Object.keys(value).length > 2;
  return printer.util.inspect(value, {
    maxArrayLength: 3,
    breakLength: Infinity,
    depth: big ? -1 : 0,
    ...printer.styleOf(printer.options.stdout),
  });
}

function traceText(util: Formatting, args: readonly unknown[]): string {
  const error = new Error(util.formatWithOptions({}, ...args));
  error.name = "Trace";
  const frames = (error.stack ?? "")
    .split("\n")
    .filter((line) => line.startsWith("    at "))
    // Neither this function nor the method is the caller's.
    .slice(2);
  return [`Trace${error.message === "" ? "" : `: ${error.message}`}`, ...frames].join("\n");
}

function warnOf(node: NodeContext, message: string): void {
  node.process.emitWarning(message);
}

function countMethods(log: (...args: unknown[]) => void, node: NodeContext): Methods {
  const counts = new Map<string, number>();
  return {
    count: (label: unknown = "default") => {
      const key = label as string;
      const count = (counts.get(key) ?? 0) + 1;
      counts.set(key, count);
      log(`${key}: ${count}`);
    },
    countReset: (label: unknown = "default") => {
      const key = label as string;
      if (counts.delete(key)) return;
      warnOf(node, `Count for '${key}' does not exist`);
    },
  };
}

function timeMethods(
  node: NodeContext,
  log: (...args: unknown[]) => void,
  print: (which: "stdout", text: string) => void,
  util: () => Formatting,
): Methods {
  const started = new Map<string, number>();
  const elapsed = (method: string, label: string): string | null => {
    const at = started.get(label);
    if (at === undefined) {
      warnOf(node, `No such label '${label}' for console.${method}()`);
      return null;
    }
    return formatTime(node.natives.now() - at);
  };
  return {
    time: (label: unknown = "default") => {
      const key = label as string;
      if (started.has(key)) warnOf(node, `Label '${key}' already exists for console.time()`);
      else started.set(key, node.natives.now());
    },
    timeEnd: (label: unknown = "default") => {
      const key = label as string;
      const time = elapsed("timeEnd", key);
      if (time !== null) print("stdout", `${key}: ${time}`);
      started.delete(key);
    },
    timeLog: (label: unknown = "default", ...data: unknown[]) => {
      const key = label as string;
      const time = elapsed("timeLog", key);
      if (time === null) return;
      if (data.length === 0) print("stdout", `${key}: ${time}`);
      else log(util().formatWithOptions({}, `%s: %s`, key, time), ...data);
    },
  };
}
