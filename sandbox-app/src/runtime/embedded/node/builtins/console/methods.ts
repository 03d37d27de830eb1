import type { NodeContext } from "../../context.ts";
import { formatTime } from "./format-time.ts";
import { renderTable } from "./table.ts";

interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  getColorDepth?(): number;
  once?(event: string, listener: () => void): unknown;
  off?(event: string, listener: () => void): unknown;
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

/** The methods of one console, bound to their streams as Node's are. */
export function createConsoleMethods(node: NodeContext, options: ConsoleOptions): Methods {
  const util = () => node.builtin<Formatting>("util");
  let indent = "";
  const styleOf = (stream: Output): object => {
    const { colorMode = "auto", inspectOptions } = options;
    const colors =
      colorMode === "auto"
        ? stream.isTTY === true && (stream.getColorDepth?.() ?? 1) > 2
        : colorMode;
    return { colors, ...inspectOptions };
  };
  const print = (which: "stdout" | "stderr", text: string): void => {
    const stream = which === "stderr" ? (options.stderr ?? options.stdout) : options.stdout;
    const lines = indent === "" ? text : indent + text.replaceAll("\n", `\n${indent}`);
    const ignore = (): undefined => undefined;
    // A reader that went away is not this program's fault: console calls never throw for it.
    if (options.ignoreErrors !== false) stream.once?.("error", ignore);
    try {
      stream.write(`${lines}\n`);
    } finally {
      stream.off?.("error", ignore);
    }
  };
  const show = (which: "stdout" | "stderr", args: readonly unknown[]): void => {
    const stream = which === "stderr" ? (options.stderr ?? options.stdout) : options.stdout;
    print(which, util().formatWithOptions(styleOf(stream), ...args));
  };
  const log = (...args: unknown[]) => show("stdout", args);
  const warn = (...args: unknown[]) => show("stderr", args);
  const group = (...args: unknown[]) => {
    if (args.length > 0) log(...args);
    indent += " ".repeat(options.groupIndentation ?? 2);
  };
  return {
    log,
    warn,
    error: warn,
    info: log,
    debug: log,
    dir: (value: unknown, dirOptions?: object) =>
      print(
        "stdout",
        util().inspect(value, { customInspect: false, ...styleOf(options.stdout), ...dirOptions }),
      ),
    dirxml: log,
    trace: (...args: unknown[]) => {
      const error = new Error(util().formatWithOptions({}, ...args));
      error.name = "Trace";
      const frames = (error.stack ?? "")
        .split("\n")
        .filter((line) => line.startsWith("    at "))
        .slice(1);
      print(
        "stderr",
        [`Trace${error.message === "" ? "" : `: ${error.message}`}`, ...frames].join("\n"),
      );
    },
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
    groupEnd: () => {
      indent = indent.slice(0, -(options.groupIndentation ?? 2));
    },
    table: (data: unknown, columns?: readonly string[]) => {
      const text = renderTable(data, columns, (value) =>
        util().inspect(value, {
          maxArrayLength: 3,
          breakLength: Infinity,
          depth:
            typeof value === "object" &&
            value !== null &&
            !Array.isArray(value) &&
            Object.keys(value).length > 2
              ? -1
              : 0,
          ...styleOf(options.stdout),
        }),
      );
      if (text === null) log(data);
      else print("stdout", text);
    },
    ...countMethods(log, node),
    ...timeMethods(node, log, print, util),
    timeStamp: () => undefined,
    profile: () => undefined,
    profileEnd: () => undefined,
    context: () => undefined,
  };
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
