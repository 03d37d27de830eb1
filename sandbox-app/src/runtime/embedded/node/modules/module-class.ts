import { invalidArgType, invalidArgValue } from "../builtins/errors/node-error.ts";
import type { CommonJsFunction } from "./commonjs-code.ts";
import { makeRequire, type Require } from "./require-function.ts";

/** A CommonJS module, as guests see it in `module`. */
export interface CommonJsModule {
  id: string;
  path: string;
  exports: unknown;
  filename: string | null;
  loaded: boolean;
  children: CommonJsModule[];
  paths: string[];
  readonly parent: CommonJsModule | null | undefined;
  load(filename: string): void;
  require(id: string): unknown;
  _compile(content: string, filename: string, format?: string): unknown;
}

export type Extension = (module: CommonJsModule, filename: string) => void;

/** `Module` of node:module. Packages replace its parts, so everything goes through them. */
export interface ModuleClass {
  new (id?: string, parent?: CommonJsModule | null): CommonJsModule;
  readonly prototype: CommonJsModule;
  _cache: Record<string, CommonJsModule>;
  _pathCache: Record<string, string>;
  _extensions: Record<string, Extension>;
  _load(request: string, parent?: CommonJsModule | null, isMain?: boolean): unknown;
  _resolveFilename(
    request: string,
    parent?: CommonJsModule | null,
    isMain?: boolean,
    options?: { paths?: readonly string[] },
  ): string;
  _nodeModulePaths(directory: string): string[];
  _resolveLookupPaths(request: string, parent?: CommonJsModule | null): string[] | null;
  wrap(script: string): string;
  wrapper: string[];
}

export interface ModuleClassHost {
  nodeModulePaths(directory: string): string[];
  /** Compiles a CommonJS source; a source that is a module is run as one, and null returned. */
  compile(source: string, filename: string, module: CommonJsModule): CommonJsFunction | null;
  mainModule(): CommonJsModule | undefined;
}

const parents = new WeakMap<CommonJsModule, CommonJsModule | null | undefined>();

/** Makes the class itself; its functions that load and resolve are set by `module-loading.ts`. */
export function createModuleClass(host: ModuleClassHost): ModuleClass {
  class Module implements CommonJsModule {
    id: string;
    path: string;
    exports: unknown = {};
    filename: string | null = null;
    loaded = false;
    children: CommonJsModule[] = [];
    paths: string[] = [];

    constructor(id = "", parent?: CommonJsModule | null) {
      this.id = id;
      this.path = directoryOf(id);
      parents.set(this, parent);
      if (parent && !parent.children.includes(this)) parent.children.push(this);
      Object.defineProperty(this, "paths", { enumerable: true, writable: true, value: [] });
    }

    get parent(): CommonJsModule | null | undefined {
      return parents.get(this);
    }

    get isPreloading(): boolean {
      return false;
    }

    load(filename: string): void {
      this.filename = filename;
      this.paths = moduleClass._nodeModulePaths(directoryOf(filename));
      const extension = longestExtension(filename, moduleClass._extensions);
      moduleClass._extensions[extension]?.(this, filename);
      this.loaded = true;
    }

    require(id: string): unknown {
      if (typeof id !== "string") throw invalidArgType("id", "of type string", id);
      if (id === "") throw invalidArgValue("id", id, "must be a non-empty string");
      return moduleClass._load(id, this, false);
    }

    _compile(content: string, filename: string): unknown {
      const wrapped = host.compile(content, filename, this);
      if (wrapped === null) return undefined;
      const require: Require = makeRequire(this, moduleClass, host.mainModule());
      const { exports } = this;
      return Reflect.apply(wrapped, exports, [
        exports,
        require,
        this,
        filename,
        directoryOf(filename),
      ]);
    }
  }
  const moduleClass = Module as unknown as ModuleClass;
  moduleClass._nodeModulePaths = (directory) => host.nodeModulePaths(directory);
  return moduleClass;
}

export function directoryOf(path: string): string {
  const slash = path.lastIndexOf("/");
  return slash < 0 ? "." : slash === 0 ? "/" : path.slice(0, slash);
}

/** `.test.js` before `.js`, when somebody registered it; `.js` for what nobody knows. */
function longestExtension(filename: string, extensions: Record<string, Extension>): string {
  const name = filename.slice(filename.lastIndexOf("/") + 1);
  for (let dot = name.indexOf("."); dot >= 0; dot = name.indexOf(".", dot + 1)) {
    if (dot > 0 && extensions[name.slice(dot)] !== undefined) return name.slice(dot);
  }
  return ".js";
}
