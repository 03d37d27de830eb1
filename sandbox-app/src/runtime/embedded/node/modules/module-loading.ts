import { resolvePath } from "../../kernel/path.ts";
import { builtinName } from "./builtin-names.ts";
import type { CommonJsModule, ModuleClass } from "./module-class.ts";
import { directoryOf } from "./module-class.ts";
import { moduleNotFound, unknownBuiltin } from "./module-errors.ts";
import type { PackageConfigs } from "./package-configs.ts";
import { type CommonJsResolver, isPath, nodeModulePaths } from "./resolve-commonjs.ts";

export interface ModuleLoadingHost {
  readonly resolver: CommonJsResolver;
  readonly packages: PackageConfigs;
  readonly conditions: ReadonlySet<string>;
  cwd(): string;
  /** Directories of NODE_PATH. */
  readonly globalPaths: readonly string[];
  builtin(name: string): unknown;
  setMain(module: CommonJsModule): void;
  /** Asks the hooks of the program first. */
  hooked(specifier: string, parent: string | null, resolve: (specifier: string) => string): string;
}

/** Gives the class its `_load`, `_resolveFilename` and what belongs to them. */
export function installLoading(moduleClass: ModuleClass, host: ModuleLoadingHost): void {
  const cache = Object.create(null) as Record<string, CommonJsModule>;
  moduleClass._cache = cache;
  moduleClass._pathCache = Object.create(null) as Record<string, string>;
  moduleClass._load = (request, parent, isMain) =>
    load(moduleClass, host, { request, parent, isMain });
  moduleClass._resolveFilename = (request, parent, _isMain, options) =>
    resolveFilename(moduleClass, host, { request, parent, paths: options?.paths });
  moduleClass._resolveLookupPaths = (request, parent) => {
    if (builtinName(request) !== null) return null;
    if (/^\.{1,2}(?:\/|$)/.test(request))
      return [parent?.filename ? directoryOf(parent.filename) : "."];
    return [...(parent?.paths ?? []), ...host.globalPaths];
  };
}

interface LoadRequest {
  readonly request: string;
  readonly parent?: CommonJsModule | null | undefined;
  readonly isMain?: boolean | undefined;
}

function load(moduleClass: ModuleClass, host: ModuleLoadingHost, asked: LoadRequest): unknown {
  const { request, parent, isMain } = asked;
  if (request.startsWith("node:")) knownBuiltin(request);
  const resolve = (specifier: string): string =>
    specifier.startsWith("node:")
      ? specifier
      : moduleClass._resolveFilename(specifier, parent, isMain);
  // Without a parent the loader itself asks, for what `import` has found already.
  const filename =
    parent === undefined
      ? resolve(request)
      : host.hooked(request, parent?.filename ?? null, resolve);
  const cached = moduleClass._cache[filename];
  if (cached !== undefined) {
    if (parent && !parent.children.includes(cached)) parent.children.push(cached);
    return cached.exports;
  }
  const builtin = builtinName(filename);
  if (builtin !== null) return host.builtin(builtin);
  const module = new moduleClass(filename, parent);
  if (isMain === true) {
    module.id = ".";
    host.setMain(module);
  }
  moduleClass._cache[filename] = module;
  let isLoaded = false;
  try {
    module.load(filename);
    isLoaded = true;
  } finally {
    if (!isLoaded) forget(moduleClass, module, parent, filename);
  }
  return module.exports;
}

function forget(
  moduleClass: ModuleClass,
  module: CommonJsModule,
  parent: CommonJsModule | null | undefined,
  filename: string,
): void {
  delete moduleClass._cache[filename];
  if (parent) parent.children = parent.children.filter((child) => child !== module);
}

function knownBuiltin(request: string): string {
  const name = builtinName(request);
  if (name === null) throw unknownBuiltin(request);
  return name;
}

interface ResolveRequest {
  readonly request: string;
  readonly parent?: CommonJsModule | null | undefined;
  readonly paths?: readonly string[] | undefined;
}

function resolveFilename(
  moduleClass: ModuleClass,
  host: ModuleLoadingHost,
  asked: ResolveRequest,
): string {
  const { request, parent } = asked;
  if (request.startsWith("node:") || builtinName(request) !== null) {
    if (request.startsWith("node:")) knownBuiltin(request);
    return request;
  }
  for (const place of placesOf(host, asked)) {
    const found = host.resolver.resolve({
      specifier: request,
      filename: parent?.filename ?? null,
      conditions: host.conditions,
      extensions: Object.keys(moduleClass._extensions),
      ...place,
    });
    if (found !== null) return found;
  }
  throw moduleNotFound(missingName(host, asked), requireStack(parent));
}

interface Place {
  readonly directory: string;
  readonly paths: readonly string[];
}

/** Where to look: beside the module that asks, or at each of the given paths. */
function placesOf(host: ModuleLoadingHost, { request, parent, paths }: ResolveRequest): Place[] {
  const { globalPaths } = host;
  if (paths !== undefined) {
    return paths.map((path) => {
      const directory = resolvePath(host.cwd(), path);
      const own = directory.endsWith("/node_modules") ? [directory] : [];
      return { directory, paths: [...own, ...nodeModulePaths(directory), ...globalPaths] };
    });
  }
  const directory = parent?.filename ? directoryOf(parent.filename) : host.cwd();
  const ofParent = parent?.paths ?? (isPath(request) ? [] : nodeModulePaths(directory));
  return [{ directory, paths: [...ofParent, ...globalPaths] }];
}

/** The main program is named by its full path. */
function missingName(host: ModuleLoadingHost, { request, parent }: ResolveRequest): string {
  return parent === null ? resolvePath(host.cwd(), request) : request;
}

function requireStack(parent: CommonJsModule | null | undefined): string[] {
  const stack: string[] = [];
  for (let at = parent; at; at = at.parent) stack.push(at.filename ?? at.id);
  return stack;
}
