import { type Binding, type ModuleRecord, namespaceOf } from "./module-record.ts";

/**
 * A module whose exports are set by code of ours: builtins, JSON, CommonJS (ECMA-262 16.2.1.10). The
 * names are known when it is linked, the values when it is evaluated.
 */
export class SyntheticModule implements ModuleRecord {
  readonly url: string;
  /** For messages about names that are missing. */
  readonly isCommonJs: boolean;
  readonly #values: Map<string, unknown>;
  readonly #evaluate: (set: (name: string, value: unknown) => void) => void;
  #isEvaluated = false;
  #failure: { readonly error: unknown } | null = null;
  #namespace: object | null = null;

  constructor(options: {
    url: string;
    names: Iterable<string>;
    isCommonJs?: boolean;
    evaluate(set: (name: string, value: unknown) => void): void;
  }) {
    this.url = options.url;
    this.isCommonJs = options.isCommonJs === true;
    this.#values = new Map([...options.names].map((name) => [name, undefined]));
    this.#evaluate = (set) => options.evaluate(set);
  }

  /** Changes the value of a name, for `syncBuiltinESMExports`. */
  readonly set = (name: string, value: unknown): void => {
    if (this.#values.has(name)) this.#values.set(name, value);
  };

  exportedNames(): readonly string[] {
    return [...this.#values.keys()];
  }

  resolveExport(name: string): Binding | null {
    if (!this.#values.has(name)) return null;
    return { module: this, name, get: () => this.#values.get(name) };
  }

  get namespace(): object {
    this.#namespace ??= namespaceOf(this);
    return this.#namespace;
  }

  /** @throws what the module's code throws, each time */
  evaluate(): void {
    if (this.#failure !== null) throw this.#failure.error;
    if (this.#isEvaluated) return;
    this.#isEvaluated = true;
    try {
      this.#evaluate(this.set);
    } catch (error) {
      this.#failure = { error };
      throw error;
    }
  }
}
