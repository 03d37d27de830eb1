import type { AsyncContext } from "../async-context/async-context.ts";
import type { ModuleAccess } from "../context.ts";
import { createNamespace, type Getter } from "../esm/namespace.ts";
import { resolvePath } from "../../kernel/path.ts";
import { explainSyntax } from "../fatal/syntax-place.ts";
import { compileCommonJs, type CommonJsFunction, type DynamicImport } from "./commonjs-code.ts";
import { DynamicCode } from "./dynamic-code.ts";
import { EsmLoader } from "./esm-loader.ts";
import { EsmSources, parseJson } from "./esm-sources.ts";
import { fileKind } from "./file-format.ts";
import { toFileUrl } from "./file-url.ts";
import { HookedLoading } from "./hooked-loading.ts";
import { importMeta } from "./import-meta.ts";
import {
  type CommonJsModule,
  createModuleClass,
  directoryOf,
  type ModuleClass,
} from "./module-class.ts";
import { moduleNotFound, nativeAddon } from "./module-errors.ts";
import { decodeSource, type ModuleFiles } from "./module-files.ts";
import { ModuleHooks } from "./module-hooks.ts";
import { installLoading } from "./module-loading.ts";
import { PackageConfigs } from "./package-configs.ts";
import { makeRequire, type Require } from "./require-function.ts";
import { CommonJsResolver, nodeModulePaths } from "./resolve-commonjs.ts";
import { EsmResolver } from "./resolve-esm.ts";
import { isModuleSource, prepareScript, toJavaScript } from "./source-code.ts";

export interface LoaderOptions {
  readonly files: ModuleFiles;
  readonly context: AsyncContext;
  readonly global: typeof globalThis;
  /** Of the command line; `node`, `import` or `require` and `default` are always there. */
  readonly conditions: readonly string[];
  /** NODE_PATH, split. */
  readonly globalPaths: readonly string[];
  cwd(): string;
  builtin(name: string): unknown;
  /** Told by how many columns the first line of a compiled file is shifted. */
  shifted(file: string, columns: number): void;
}

/** Loads modules of either kind, and lets each load the other. */
export class Loader implements ModuleAccess {
  readonly Module: ModuleClass;
  readonly packages: PackageConfigs;
  readonly #options: LoaderOptions;
  readonly hooks = new ModuleHooks();
  readonly #hooked: HookedLoading;
  readonly #sources: EsmSources;
  readonly #esm: EsmLoader;
  readonly #esmResolver: EsmResolver;
  readonly #resolver: CommonJsResolver;
  readonly dynamicCode: DynamicCode;
  #main: CommonJsModule | undefined;
  #mainUrl: string | null = null;
  /** The main program, when `require` found a module in it. */
  #mainImport: Promise<unknown> | null = null;

  constructor(options: LoaderOptions) {
    this.#options = options;
    const { files } = options;
    this.packages = new PackageConfigs(files);
    this.#resolver = new CommonJsResolver(files, this.packages);
    const conditions = new Set([
      "node",
      "import",
      "module-sync",
      "node-addons",
      ...options.conditions,
    ]);
    this.#esmResolver = new EsmResolver(files, this.packages, conditions);
    this.#sources = new EsmSources({
      files,
      packages: this.packages,
      builtin: (name) => options.builtin(name),
      loadCommonJs: (path) => this.Module._load(path, undefined, false),
      runCommonJs: (name, source) => {
        const module = new this.Module(name);
        module.filename = name;
        module._compile(source, name);
        return module.exports;
      },
      resolveCommonJs: (specifier, parent) => this.requireFrom(parent).resolve(specifier),
    });
    this.#hooked = new HookedLoading({
      hooks: this.hooks,
      files,
      packages: this.packages,
      conditions: { import: [...conditions], require: [...this.#requireConditions()] },
      resolveImport: (specifier, parent) => this.#esmResolver.resolve(specifier, parent),
      read: (url) => this.#sources.read(url),
      madeOf: (url, loaded) => this.#sources.madeOf(url, loaded),
    });
    this.#esm = new EsmLoader({
      context: options.context,
      resolve: (specifier, parent, attributes) =>
        this.#hooked.resolveImport(specifier, parent, attributes),
      read: (url, attributes) => this.#hooked.read(url, attributes),
      meta: (url) =>
        importMeta(url, url === this.#mainUrl, (specifier, parent) =>
          this.#esmResolver.resolve(specifier, parent),
        ),
      explain: explainSyntax,
      shifted: (url, columns) => options.shifted(url, columns),
    });
    this.Module = this.#createClass();
    this.dynamicCode = new DynamicCode({
      global: options.global,
      resume: options.context.resume,
      capture: options.context.capture,
      import: (specifier, referrer, given) => this.import(specifier, referrer, given),
      cwd: () => options.cwd(),
    });
  }

  #requireConditions(): ReadonlySet<string> {
    const given = this.#options.conditions;
    return new Set(["require", "node", "node-addons", "module-sync", ...given]);
  }

  #createClass(): ModuleClass {
    const moduleClass = createModuleClass({
      nodeModulePaths,
      compile: (source, filename, module) => this.#compile(source, filename, module),
      mainModule: () => this.#main,
    });
    installLoading(moduleClass, {
      resolver: this.#resolver,
      packages: this.packages,
      conditions: this.#requireConditions(),
      hooked: (specifier, parent, resolve) =>
        this.#hooked.resolveRequire(specifier, parent, resolve),
      globalPaths: this.#options.globalPaths,
      cwd: () => this.#options.cwd(),
      builtin: (name) => this.#options.builtin(name),
      setMain: (module) => {
        this.#main = module;
      },
    });
    moduleClass._extensions = Object.assign(Object.create(null) as typeof moduleClass._extensions, {
      ".js": (module: CommonJsModule, filename: string) => this.#loadScript(module, filename),
      ".json": (module: CommonJsModule, filename: string) => {
        const text = this.hooks.loads
          ? this.#hooked.loadRequired(filename).text
          : this.#read(filename);
        module.exports = parseJson(text, filename);
      },
      ".node": (_module: CommonJsModule, filename: string) => {
        throw nativeAddon(filename);
      },
    });
    return moduleClass;
  }

  /** `require` of a module that is made outside of the loader. */
  requireFor(module: CommonJsModule): Require {
    return makeRequire(module, this.Module, this.#main);
  }

  get mainModule(): CommonJsModule | undefined {
    return this.#main;
  }

  syncBuiltins(): void {
    this.#sources.syncBuiltins();
  }

  createRequire(filename: string): Require {
    return this.requireFrom(filename);
  }

  /** `require` for a file that need not exist. */
  requireFrom(filename: string): Require {
    const module = new this.Module(filename);
    module.filename = filename;
    module.paths = this.Module._nodeModulePaths(directoryOf(filename));
    return makeRequire(module, this.Module, this.#main);
  }

  import(specifier: string, parent: string, options?: unknown): Promise<object> {
    return this.#esm.import(
      specifier,
      parent.startsWith("/") ? toFileUrl(parent).href : parent,
      options,
    );
  }

  /** Runs a source that is in no file as a module. */
  evaluateSource(source: string, url: string): Promise<object> {
    return this.#esm.evaluateSource(source, url);
  }

  prepareScript(source: string, importer: DynamicImport): string {
    return this.dynamicCode.prepare(source, importer);
  }

  async runMain(path: string): Promise<void> {
    await this.startMain(path);
  }

  /** Null when the program has run; what a script throws is thrown at once. */
  startMain(path: string): Promise<unknown> | null {
    const filename = this.#findMain(path);
    const format = fileKind(filename, this.packages)?.format;
    const url = toFileUrl(filename).href;
    this.#mainUrl = url;
    if (format === "module" || format === "wasm") return this.#esm.import(url, url);
    this.Module._load(filename, null, true);
    return this.#mainImport;
  }

  #findMain(path: string): string {
    const found = this.#resolver.resolve({
      specifier: resolvePath(this.#options.cwd(), path),
      directory: this.#options.cwd(),
      filename: null,
      paths: [],
      conditions: new Set(),
      extensions: Object.keys(this.Module._extensions),
    });
    if (found === null) throw moduleNotFound(resolvePath(this.#options.cwd(), path), []);
    return found;
  }

  #read(filename: string): string {
    return decodeSource(this.#options.files.read(filename));
  }

  /** `Module._extensions[".js"]`, which also gets what no other extension claims. */
  #loadScript(module: CommonJsModule, filename: string): void {
    if (this.hooks.loads) {
      this.#loadHooked(module, filename);
      return;
    }
    const kind = fileKind(filename, this.packages);
    if (kind?.format === "module") {
      module.exports = this.#requireModule(filename, module.parent?.filename ?? null);
      return;
    }
    const source = toJavaScript(this.#read(filename), kind?.syntax ?? "javascript", filename);
    module._compile(source, filename, kind?.format);
  }

  #loadHooked(module: CommonJsModule, filename: string): void {
    const { format, text } = this.#hooked.loadRequired(filename);
    if (format?.startsWith("module") === true) {
      module.exports = this.#requireModule(filename, module.parent?.filename ?? null);
    } else if (format === "json") {
      module.exports = parseJson(text, filename);
    } else {
      const syntax = fileKind(filename, this.packages)?.syntax ?? "javascript";
      const source = toJavaScript(text, syntax, filename);
      module._compile(source, filename, format ?? undefined);
    }
  }

  /** CommonJS first, a module only after a syntax error (Node, packages.md, "Syntax detection"). */
  #compile(source: string, filename: string, module: CommonJsModule): CommonJsFunction | null {
    const url = urlOf(filename);
    try {
      return compileCommonJs(prepareScript(source), filename, {
        context: this.#options.context,
        shifted: (file, columns) => this.#options.shifted(file, columns),
        import: (specifier, options) => this.#esm.import(specifier, url, options),
      });
    } catch (error) {
      const format = fileKind(filename, this.packages)?.format ?? "detect";
      if (format !== "detect" || !isModuleSource(source))
        throw explainSyntax(error, filename, source);
    }
    if (module === this.#main) this.#mainImport = this.#esm.import(url, url);
    else module.exports = this.#requireModule(filename, module.parent?.filename ?? null);
    return null;
  }

  #requireModule(filename: string, parent: string | null): unknown {
    const namespace = this.#esm.require(urlOf(filename), parent) as Record<string, unknown>;
    if (Object.hasOwn(namespace, "module.exports")) return namespace["module.exports"];
    const needsMark =
      Object.hasOwn(namespace, "default") && !Object.hasOwn(namespace, "__esModule");
    return needsMark ? markedNamespace(namespace) : namespace;
  }
}

/** A hook may have made up a URL. */
function urlOf(filename: string): string {
  return filename.startsWith("/") ? toFileUrl(filename).href : filename;
}

/** A namespace that tells bundlers' helpers that `default` is one export among others. */
function markedNamespace(namespace: Record<string, unknown>): object {
  const getters = new Map<string, Getter>(
    Object.keys(namespace).map((name) => [name, () => namespace[name]]),
  );
  getters.set("__esModule", () => true);
  return createNamespace(getters);
}
