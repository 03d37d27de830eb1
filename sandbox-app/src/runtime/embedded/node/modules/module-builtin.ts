import { invalidArgValue, missingFeature } from "../builtins/errors/node-error.ts";
import { builtinModules, builtinName } from "./builtin-names.ts";
import { fromFileUrl, toFileUrl } from "./file-url.ts";
import type { Loader } from "./loader.ts";
import type { ModuleClass } from "./module-class.ts";
import type { Require } from "./require-function.ts";
import { toJavaScript } from "./source-code.ts";

/** `node:module`: the class itself, with everything else on it. */
export function moduleBuiltin(loader: Loader): ModuleClass {
  const { Module } = loader;
  const wrapper = ["(function (exports, require, module, __filename, __dirname) { ", "\n});"];
  return Object.assign(Module, {
    Module,
    builtinModules: [...builtinModules],
    wrapper,
    wrap: (script: string) => `${wrapper[0]}${script}${wrapper[1]}`,
    globalPaths: [],
    isBuiltin: (name: unknown) => typeof name === "string" && builtinName(name) !== null,
    createRequire: (filename: unknown): Require => loader.createRequire(pathOf(filename)),
    syncBuiltinESMExports: () => loader.syncBuiltins(),
    runMain: (path: string) => void loader.runMain(path),
    findPackageJSON: (specifier: unknown, base?: unknown) => findPackage(loader, specifier, base),
    stripTypeScriptTypes: (code: string) => toJavaScript(code, "typescript", "input.ts"),
    register: () => refuseHooks("module.register"),
    registerHooks: (hooks: unknown) => loader.hooks.register(hooks),
    _initPaths: () => undefined,
    _preloadModules: () => undefined,
    _findPath: (request: string, paths?: readonly string[]) => findPath(Module, request, paths),
    _readPackage: (directory: string) => loader.packages.read(directory) ?? false,
    _debug: () => undefined,
    findSourceMap: () => undefined,
    getSourceMapsSupport: () => ({ enabled: false, nodeModules: false, generatedCode: false }),
    setSourceMapsSupport: () => undefined,
    // Compiled code cannot be kept across processes of a browser; 3 is DISABLED.
    enableCompileCache: () => ({ status: 3 }),
    flushCompileCache: () => undefined,
    getCompileCacheDir: () => undefined,
    constants: {
      compileCacheStatus: { FAILED: 0, ENABLED: 1, ALREADY_ENABLED: 2, DISABLED: 3 },
    },
  });
}

function refuseHooks(name: string): never {
  throw missingFeature(
    name,
    "There is no thread for asynchronous hooks; use module.registerHooks, whose hooks are synchronous.",
  );
}

function pathOf(filename: unknown): string {
  const isUrl =
    filename instanceof URL || (typeof filename === "string" && filename.startsWith("file:"));
  if (isUrl) return fromFileUrl(new URL(String(filename)));
  if (typeof filename === "string" && filename.startsWith("/")) return filename;
  throw invalidArgValue(
    "filename",
    filename,
    "must be a file URL object, file URL string, or absolute path string",
  );
}

function findPackage(loader: Loader, specifier: unknown, base: unknown): string | undefined {
  const isRelative = base === undefined || /^(?:\.{0,2}\/|file:)/.test(textOf(specifier));
  const from = base === undefined ? toFileUrl("/") : new URL(textOf(base), "file:///");
  if (isRelative) {
    const path = fromFileUrl(new URL(textOf(specifier), from));
    const scope = loader.packages.scopeOf(path);
    return scope === null ? undefined : `${scope.directory}/package.json`;
  }
  const found = loader.requireFrom(fromFileUrl(from)).resolve.paths(textOf(specifier)) ?? [];
  const name = /^(?:@[^/]+\/)?[^/]+/.exec(textOf(specifier))?.[0] ?? "";
  const directory = found
    .map((path) => `${path}/${name}`)
    .find((path) => loader.packages.read(path));
  return directory === undefined ? undefined : `${directory}/package.json`;
}

function findPath(
  Module: ModuleClass,
  request: string,
  paths: readonly string[] = [],
): string | false {
  try {
    return Module._resolveFilename(request, null, false, { paths });
  } catch {
    return false;
  }
}

/** A specifier or a URL as text. */
function textOf(value: unknown): string {
  return value instanceof URL ? value.href : (value as string);
}
