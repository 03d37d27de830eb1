import type { BuiltinFactory, BuiltinModules, NodeContext } from "./context.ts";
import { unknownBuiltin } from "./modules/module-errors.ts";

/** Makes each builtin when it is first asked for: the core's own before those of `builtins/`. */
export class BuiltinRegistry {
  readonly #modules: BuiltinModules;
  readonly #own = new Map<string, BuiltinFactory>();
  readonly #made = new Map<string, unknown>();
  readonly #context: () => NodeContext;

  constructor(modules: BuiltinModules, context: () => NodeContext) {
    this.#modules = modules;
    this.#context = context;
  }

  add(name: string, factory: BuiltinFactory): void {
    this.#own.set(name, factory);
  }

  /** @throws ERR_UNKNOWN_BUILTIN_MODULE */
  readonly get = (name: string): unknown => {
    if (this.#made.has(name)) return this.#made.get(name);
    const factory = this.#own.get(name) ?? this.#modules[name] ?? this.#modules[`node:${name}`];
    if (factory === undefined) throw unknownBuiltin(name);
    const exports = factory(this.#context());
    this.#made.set(name, exports);
    return exports;
  };
}
