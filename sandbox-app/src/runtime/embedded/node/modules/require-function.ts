import { invalidArgType } from "../builtins/errors/node-error.ts";
import type { CommonJsModule, Extension, ModuleClass } from "./module-class.ts";

/** `require` as a module gets it (Node, modules.md). */
export interface Require {
  (id: string): unknown;
  resolve: {
    (request: string, options?: { paths?: readonly string[] }): string;
    paths(request: string): string[] | null;
  };
  main: CommonJsModule | undefined;
  extensions: Record<string, Extension>;
  cache: Record<string, CommonJsModule>;
}

export function makeRequire(
  module: CommonJsModule,
  moduleClass: ModuleClass,
  main: CommonJsModule | undefined,
): Require {
  const require = function require(id: string): unknown {
    return module.require(id);
  } as Require;
  require.resolve = Object.assign(
    function resolve(request: string, options?: { paths?: readonly string[] }): string {
      if (typeof request !== "string") throw invalidArgType("request", "of type string", request);
      return moduleClass._resolveFilename(request, module, false, options);
    },
    {
      paths(request: string): string[] | null {
        if (typeof request !== "string") throw invalidArgType("request", "of type string", request);
        return moduleClass._resolveLookupPaths(request, module);
      },
    },
  );
  require.main = main;
  require.extensions = moduleClass._extensions;
  require.cache = moduleClass._cache;
  return require;
}
