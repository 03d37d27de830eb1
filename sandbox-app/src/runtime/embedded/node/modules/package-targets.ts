import { type CodedError, nodeError } from "../builtins/errors/node-error.ts";
import { resolvePath } from "../../kernel/path.ts";
import type { PackageConfig } from "./package-configs.ts";

/*
 * "exports" and "imports" of package.json: PACKAGE_EXPORTS_RESOLVE, PACKAGE_IMPORTS_RESOLVE,
 * PACKAGE_TARGET_RESOLVE of Node's esm.md, with Node's errors.
 */

export interface TargetRequest {
  readonly config: PackageConfig;
  /** `./lib/x` or `.` for exports, `#x` for imports. */
  readonly key: string;
  readonly conditions: ReadonlySet<string>;
  /** Path or URL of the file that asks, for messages; null: not told. */
  readonly base: string | null;
  /** Resolves a target of "imports" that names another package. */
  readonly resolvePackage?: (specifier: string) => string;
}

type Found = string | null | undefined;

/** @returns an absolute path that may not exist */
export function resolveExports(request: TargetRequest): string {
  const { config, key } = request;
  let map = config.exports;
  if (isSugar(request)) map = { ".": map };
  const found = matchKey(request, map as Record<string, unknown>);
  if (typeof found === "string") return found;
  throw notExported(config, key, request.base);
}

/** @returns an absolute path that may not exist, or what `resolvePackage` returned */
export function resolveImports(request: TargetRequest): string {
  const { config, key, base } = request;
  if (key === "#" || key.startsWith("#/")) {
    throw nodeError(
      "ERR_INVALID_MODULE_SPECIFIER",
      `Invalid module "${key}" is not a valid internal imports specifier name${importedFrom(base)}`,
      TypeError,
    );
  }
  const found = config.imports === null ? undefined : matchKey(request, config.imports);
  if (typeof found === "string") return found;
  throw importNotDefined(key, config, base);
}

export function importNotDefined(
  key: string,
  config: PackageConfig | null,
  base: string | null,
): CodedError {
  const where = config === null ? "" : ` in package ${config.directory}/package.json`;
  return nodeError(
    "ERR_PACKAGE_IMPORT_NOT_DEFINED",
    `Package import specifier "${key}" is not defined${where}${importedFrom(base)}`,
    TypeError,
  );
}

function notExported(config: PackageConfig, key: string, base: string | null): CodedError {
  const file = `${config.directory}/package.json`;
  const message =
    key === "."
      ? `No "exports" main defined in ${file}${importedFrom(base)}`
      : `Package subpath '${key}' is not defined by "exports" in ${file}${importedFrom(base)}`;
  return nodeError("ERR_PACKAGE_PATH_NOT_EXPORTED", message);
}

function importedFrom(base: string | null): string {
  return base === null ? "" : ` imported from ${base}`;
}

/** Whether "exports" is the main entry itself, not a map of subpaths. */
function isSugar({ config, base }: TargetRequest): boolean {
  const { exports } = config;
  if (typeof exports !== "object" || exports === null || Array.isArray(exports)) return true;
  const subpaths = Object.keys(exports).map((key) => key === "" || !key.startsWith("."));
  if (subpaths.some((isCondition) => isCondition !== subpaths[0])) {
    throw nodeError(
      "ERR_INVALID_PACKAGE_CONFIG",
      `Invalid package config ${config.directory}/package.json${base === null ? "" : ` while importing ${base}`}. ` +
        "\"exports\" cannot contain some keys starting with '.' and some not. The exports object must " +
        "either be an object of package subpath keys or an object of main entry condition name keys only.",
    );
  }
  return subpaths[0] === true;
}

function matchKey(request: TargetRequest, map: Record<string, unknown>): Found {
  const { key } = request;
  if (Object.hasOwn(map, key) && !key.includes("*") && !key.endsWith("/")) {
    return resolveTarget(request, { target: map[key], matched: null, mapKey: key });
  }
  const best = Object.keys(map)
    .filter((pattern) => matches(pattern, key))
    .toSorted(byPatternLength)[0];
  if (best === undefined) return undefined;
  const [prefix = "", suffix = ""] = best.split("*");
  const matched = key.slice(prefix.length, key.length - suffix.length);
  return resolveTarget(request, { target: map[best], matched, mapKey: best });
}

function matches(pattern: string, key: string): boolean {
  const star = pattern.indexOf("*");
  if (star < 0 || star !== pattern.lastIndexOf("*")) return false;
  const prefix = pattern.slice(0, star);
  const suffix = pattern.slice(star + 1);
  return (
    key.startsWith(prefix) && key !== prefix && key.length >= pattern.length && key.endsWith(suffix)
  );
}

/** PATTERN_KEY_COMPARE: the more specific one first. */
function byPatternLength(a: string, b: string): number {
  return b.indexOf("*") - a.indexOf("*") || b.length - a.length;
}

interface Target {
  readonly target: unknown;
  /** What the star stands for; null without one. */
  readonly matched: string | null;
  readonly mapKey: string;
}

function resolveTarget(request: TargetRequest, state: Target): Found {
  const { target } = state;
  if (typeof target === "string") return resolveText(request, state, target);
  if (target === null) return null;
  if (Array.isArray(target)) return resolveFallbacks(request, state, target);
  if (typeof target !== "object") throw invalidTarget(request, state, target);
  for (const [condition, value] of Object.entries(target as Record<string, unknown>)) {
    if (condition !== "default" && !request.conditions.has(condition)) continue;
    const found = resolveTarget(request, { ...state, target: value });
    if (found !== undefined) return found;
  }
  return undefined;
}

function resolveFallbacks(request: TargetRequest, state: Target, targets: unknown[]): Found {
  let last: Found | Error = null;
  for (const target of targets) {
    try {
      last = resolveTarget(request, { ...state, target });
      if (typeof last === "string") return last;
    } catch (error) {
      if ((error as CodedError).code !== "ERR_INVALID_PACKAGE_TARGET") throw error;
      last = error as Error;
    }
  }
  if (last instanceof Error) throw last;
  return last;
}

/** Segments that a target or a match must not have. */
const forbidden = /(?:^|[/\\])(?:\.\.?|node_modules)(?:[/\\]|$)/i;

function resolveText(request: TargetRequest, state: Target, target: string): string {
  const { config, resolvePackage } = request;
  const fill = (text: string): string =>
    state.matched === null ? text : text.replaceAll("*", () => state.matched ?? "");
  if (!target.startsWith("./")) {
    const isForeign =
      resolvePackage !== undefined && !target.startsWith("../") && !target.startsWith("/");
    if (!isForeign) throw invalidTarget(request, state, target);
    return resolvePackage(fill(target));
  }
  if (forbidden.test(target.slice(2))) throw invalidTarget(request, state, target);
  if (state.matched !== null && forbidden.test(state.matched)) {
    throw nodeError(
      "ERR_INVALID_MODULE_SPECIFIER",
      `Invalid module "${request.key}" request is not a valid match in pattern "${state.mapKey}" for the ` +
        `"${resolvePackage === undefined ? "exports" : "imports"}" resolution of ` +
        `${config.directory}/package.json${importedFrom(request.base)}`,
      TypeError,
    );
  }
  return resolvePath(config.directory, fill(target));
}

function invalidTarget(request: TargetRequest, state: Target, target: unknown): CodedError {
  const isImport = request.resolvePackage !== undefined;
  const shown = JSON.stringify(target, null, "") ?? String(target);
  const needsDot =
    typeof target === "string" && !isImport && target !== "" && !target.startsWith("./");
  const place = `in the package config ${request.config.directory}/package.json`;
  const hint = needsDot ? '; targets must start with "./"' : "";
  const message =
    state.mapKey === "."
      ? `Invalid "exports" main target ${shown} defined ${place}`
      : `Invalid "${isImport ? "imports" : "exports"}" target ${shown} defined for '${state.mapKey}' ${place}`;
  return nodeError("ERR_INVALID_PACKAGE_TARGET", `${message}${importedFrom(request.base)}${hint}`);
}
