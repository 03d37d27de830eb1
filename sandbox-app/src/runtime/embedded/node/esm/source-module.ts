import type { ModuleSyntax } from "./module-syntax.ts";
import {
  type ModuleRecord,
  namespaceOf,
  type Resolution,
  type ResolveSet,
} from "./module-record.ts";
import type { Getter } from "./namespace.ts";
import { NAMESPACE_KEY } from "./names.ts";
import { type ModuleBody, runBody } from "./run-body.ts";
import { SyntheticModule } from "./synthetic-module.ts";

export type AnyModule = SourceModule | SyntheticModule;

/** Starts the compiled code; `link` is called before the first step returns. */
export type ModuleStarter = (
  link: (getters: Readonly<Record<string, Getter>>) => void,
  imports: readonly object[],
) => ModuleBody;

export type ModuleStatus =
  | "unlinked"
  | "linking"
  | "linked"
  | "evaluating"
  | "evaluating-async"
  | "evaluated";

/** A module with source (ECMA-262 16.2.1.6): its syntax, its place in the graph, its evaluation. */
export class SourceModule implements ModuleRecord {
  readonly url: string;
  readonly syntax: ModuleSyntax;
  readonly #compile: () => ModuleStarter;
  /** By number of the request; set when the graph is loaded. */
  requested: readonly AnyModule[] = [];
  status: ModuleStatus = "unlinked";
  /** Fields of the evaluation (Table 45 of ECMA-262, Cyclic Module Records). */
  failure: { readonly error: unknown } | null = null;
  depth = 0;
  ancestor = 0;
  root: SourceModule = this;
  asyncOrder: number | null = null;
  pendingDependencies = 0;
  readonly asyncParents: SourceModule[] = [];
  completion: PromiseWithResolvers<void> | null = null;
  #getters: Readonly<Record<string, Getter>> = {};
  #body: ModuleBody | null = null;
  #imports: readonly object[] = [];
  #namespace: object | null = null;

  constructor(url: string, syntax: ModuleSyntax, compile: () => ModuleStarter) {
    this.url = url;
    this.syntax = syntax;
    this.#compile = compile;
  }

  get hasAwait(): boolean {
    return this.syntax.hasTopLevelAwait;
  }

  get namespace(): object {
    this.#namespace ??= namespaceOf(this);
    return this.#namespace;
  }

  /** Compiles and runs to where the getters are known: functions hoisted, the rest not initialized. */
  instantiate(): void {
    this.#imports = this.syntax.requests.map(() => Object.create(null) as object);
    this.#body = this.#compile()((getters) => {
      this.#getters = getters;
    }, this.#imports);
    void this.#body.next();
  }

  /** InitializeEnvironment: every import resolves to one binding. @throws SyntaxError */
  bindImports(): void {
    for (const { request, imported } of this.syntax.imports) {
      const target = this.#imports[request];
      const module = this.requested[request];
      if (target === undefined || module === undefined) continue;
      const key = imported ?? NAMESPACE_KEY;
      if (Object.hasOwn(target, key)) continue;
      const get = imported === null ? () => module.namespace : this.#import(request, imported);
      Object.defineProperty(target, key, { get, set: constantAssignment });
    }
    for (const { request, imported, exported } of this.syntax.indirectExports) {
      if (imported !== null) this.#import(request, imported, exported);
    }
  }

  /** Runs the body; a promise with top-level await. */
  run(): Promise<void> | null {
    const body = this.#body;
    this.#body = null;
    return body === null ? null : runBody(body, this.hasAwait);
  }

  exportedNames(visited: Set<ModuleRecord>): readonly string[] {
    if (visited.has(this)) return [];
    visited.add(this);
    const own = [
      ...this.syntax.localExports,
      ...this.syntax.indirectExports.map(({ exported }) => exported),
    ];
    const names = new Set(own);
    for (const request of this.syntax.starExports) {
      for (const name of this.requested[request]?.exportedNames(visited) ?? []) {
        if (name !== "default") names.add(name);
      }
    }
    return [...names];
  }

  resolveExport(name: string, visited: ResolveSet): Resolution {
    const key = `${this.url}\n${name}`;
    if (visited.has(key)) return null;
    visited.add(key);
    if (this.syntax.localExports.includes(name)) {
      return { module: this, name, get: this.#getter(name) };
    }
    const indirect = this.syntax.indirectExports.find(({ exported }) => exported === name);
    if (indirect !== undefined) {
      const module = this.requested[indirect.request];
      if (module === undefined) return null;
      if (indirect.imported !== null) return module.resolveExport(indirect.imported, visited);
      return { module, name: null, get: () => module.namespace };
    }
    return name === "default" ? null : this.#resolveStar(name, visited);
  }

  #resolveStar(name: string, visited: ResolveSet): Resolution {
    let found: Resolution = null;
    for (const request of this.syntax.starExports) {
      const resolution = this.requested[request]?.resolveExport(name, visited) ?? null;
      if (resolution === "ambiguous") return resolution;
      if (resolution === null) continue;
      if (found === null) found = resolution;
      else if (found.module !== resolution.module || found.name !== resolution.name)
        return "ambiguous";
    }
    return found;
  }

  /** Other modules may ask before this one is instantiated. */
  #getter(name: string): Getter {
    return this.#getters[name] ?? (() => this.#getters[name]?.());
  }

  #import(request: number, imported: string, exported?: string): Getter {
    const module = this.requested[request];
    const resolution = module?.resolveExport(imported, new Set()) ?? null;
    if (resolution !== null && resolution !== "ambiguous") return resolution.get;
    const specifier = this.syntax.requests[request]?.specifier ?? "";
    if (resolution === "ambiguous") {
      throw new SyntaxError(
        `The requested module '${specifier}' contains conflicting star exports for name '${exported ?? imported}' with the previous requested module`,
      );
    }
    if (module instanceof SyntheticModule && module.isCommonJs) {
      throw new SyntaxError(commonJsHint(specifier, imported));
    }
    throw new SyntaxError(
      `The requested module '${specifier}' does not provide an export named '${imported}'`,
    );
  }
}

function constantAssignment(): never {
  throw new TypeError("Assignment to constant variable.");
}

function commonJsHint(specifier: string, name: string): string {
  return (
    `Named export '${name}' not found. The requested module '${specifier}' is a CommonJS module, ` +
    "which may not support all module.exports as named exports.\nCommonJS modules can always be " +
    `imported via the default export, for example using:\n\nimport pkg from '${specifier}';\n` +
    `const { ${name} } = pkg;\n`
  );
}
