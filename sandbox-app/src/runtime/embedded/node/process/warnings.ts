import { invalidArgType } from "../builtins/errors/node-error.ts";
import type { NodeOptions } from "../context.ts";

export interface Warning extends Error {
  code?: string;
  detail?: string;
}

export interface WarningsHost {
  readonly options: NodeOptions;
  readonly pid: number;
  nextTick(callback: () => void): void;
  emit(warning: Warning): void;
  throwLater(warning: Warning): void;
  write(text: string): void;
  noDeprecation(): boolean;
}

type WarningOptions = { type?: string; code?: string; detail?: string; ctor?: unknown };

/** `process.emitWarning` (Node, process.md). */
export function createEmitWarning(
  host: WarningsHost,
): (warning: unknown, ...rest: unknown[]) => void {
  return (given, ...rest) => {
    const { type, code, detail } = readOptions(rest);
    const isDeprecation = type === "DeprecationWarning";
    if (isDeprecation && host.noDeprecation()) return;
    if (typeof given !== "string" && !(given instanceof Error)) {
      throw invalidArgType("warning", "of type string or an instance of Error", given);
    }
    const warning: Warning = typeof given === "string" ? new Error(given) : given;
    if (typeof given === "string") {
      warning.name = type;
      if (code !== undefined) warning.code = code;
      if (detail !== undefined) warning.detail = detail;
    }
    if (warning.name === "DeprecationWarning") {
      if (host.noDeprecation()) return;
      if (host.options.throwDeprecation) {
        host.nextTick(() => host.throwLater(warning));
        return;
      }
    }
    host.nextTick(() => host.emit(warning));
  };
}

function readOptions(rest: unknown[]): { type: string; code?: string; detail?: string } {
  const [first, second] = rest;
  if (typeof first === "object" && first !== null && !Array.isArray(first)) {
    const { type = "Warning", code, detail } = first as WarningOptions;
    return {
      type,
      ...(code === undefined ? {} : { code }),
      ...(typeof detail === "string" ? { detail } : {}),
    };
  }
  const type = typeof first === "string" ? first : "Warning";
  return typeof second === "string" ? { type, code: second } : { type };
}

/** What Node writes for a warning nobody silenced. */
export function createWarningPrinter(host: WarningsHost): (warning: Warning) => void {
  let saidHow = false;
  return (warning) => {
    const isDeprecation = warning.name === "DeprecationWarning";
    if (host.options.noWarnings || (isDeprecation && host.noDeprecation())) return;
    const trace = host.options.traceWarnings || (isDeprecation && host.options.traceDeprecation);
    const code = warning.code === undefined ? "" : `[${warning.code}] `;
    const words = trace && warning.stack ? warning.stack : `${warning.name}: ${warning.message}`;
    let text = `(node:${host.pid}) ${code}${words}\n`;
    if (typeof warning.detail === "string") text += `${warning.detail}\n`;
    if (!trace && !saidHow) {
      saidHow = true;
      const flag = isDeprecation ? "--trace-deprecation" : "--trace-warnings";
      text += `(Use \`node ${flag} ...\` to show where the warning was created)\n`;
    }
    host.write(text);
  };
}
