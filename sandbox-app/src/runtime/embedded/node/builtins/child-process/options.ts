import type { NodeContext } from "../../context.ts";
import { invalidArgType, invalidArgValue } from "../errors/node-error.ts";
import { validateString } from "../errors/validate.ts";
import { pathText } from "../fs/paths.ts";

export interface SpawnOptions {
  readonly cwd?: string | URL;
  readonly env?: Readonly<Record<string, unknown>>;
  readonly argv0?: string;
  readonly stdio?: unknown;
  readonly shell?: boolean | string;
  readonly detached?: boolean;
  readonly timeout?: number;
  readonly killSignal?: string | number;
  readonly signal?: AbortSignal;
  readonly serialization?: "json" | "advanced";
  readonly encoding?: string | null;
  readonly maxBuffer?: number;
  readonly input?: unknown;
}

/** What a spawn comes down to. */
export interface SpawnPlan {
  readonly file: string;
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly env: Record<string, string>;
  readonly options: SpawnOptions;
}

function environment(env: Readonly<Record<string, unknown>>): Record<string, string> {
  const pairs = Object.entries(env).filter(([, value]) => value !== undefined);
  return Object.fromEntries(pairs.map(([key, value]) => [key, String(value)]));
}

/** `(file, args?, options?)` in its variants. */
export function splitArguments(rest: readonly unknown[]): {
  args: string[];
  options: SpawnOptions;
} {
  const [first, second] = rest;
  if (Array.isArray(first)) {
    return { args: first.map(String), options: (second as SpawnOptions | null | undefined) ?? {} };
  }
  if (first === undefined || first === null) {
    return { args: [], options: (second as SpawnOptions | null | undefined) ?? {} };
  }
  if (typeof first !== "object") throw invalidArgType("args", "of type object", first);
  return { args: [], options: first };
}

export function planSpawn(
  node: NodeContext,
  file: unknown,
  args: readonly string[],
  options: SpawnOptions,
): SpawnPlan {
  validateString(file, "file");
  if (file === "") throw invalidArgValue("file", file, "cannot be empty");
  const cwd =
    options.cwd === undefined || options.cwd === null
      ? node.process.cwd()
      : pathText(options.cwd, "options.cwd");
  const base = {
    cwd: cwd.startsWith("/") ? cwd : `${node.process.cwd()}/${cwd}`,
    env: environment(options.env ?? node.process.env),
    options,
  };
  if (options.shell !== undefined && options.shell !== false) {
    if (args.length > 0) {
      node.process.emitWarning(
        "Passing args to a child process with shell option true can lead to security vulnerabilities, as the arguments are not escaped, only concatenated.",
        "DeprecationWarning",
        "DEP0190",
      );
    }
    const shell = typeof options.shell === "string" ? options.shell : "/bin/sh";
    return {
      ...base,
      file: shell,
      argv: [options.argv0 ?? shell, "-c", [file, ...args].join(" ")],
    };
  }
  return { ...base, file, argv: [options.argv0 ?? file, ...args] };
}
