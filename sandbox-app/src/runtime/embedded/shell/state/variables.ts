import { ShellError } from "../run/outcome.ts";
import { type PlainVariable, Variable } from "./variable.ts";

/** References followed before bash calls them circular. */
const REFERENCES_MAX = 8;

/** The scopes, and the names of the special variables that are not unset. */
export interface VariablesSnapshot {
  readonly scopes: readonly ReadonlyMap<string, PlainVariable>[];
  readonly computed: readonly string[];
}

/** The variables of a shell: a global scope, and one for each function call and each `x=1 command`. */
export class Variables {
  #scopes: Map<string, Variable>[] = [new Map()];
  /** Special variables that are made when they are read (`RANDOM`, `SECONDS`, …). */
  readonly computed = new Map<string, () => string | undefined>();
  /** Called after a variable was set or unset. */
  changed: (name: string) => void = () => {};

  copy(): Variables {
    const copy = new Variables();
    copy.#scopes = this.#scopes.map(
      (scope) => new Map(Array.from(scope, ([name, variable]) => [name, variable.copy()])),
    );
    return copy;
  }

  /** Plain data, apart from the variables' class, which a message does not carry. */
  snapshot(): VariablesSnapshot {
    return { scopes: this.#scopes, computed: [...this.computed.keys()] };
  }

  static from({ scopes }: VariablesSnapshot): Variables {
    const made = new Variables();
    made.#scopes = scopes.map(
      (scope) => new Map(Array.from(scope, ([name, plain]) => [name, Variable.from(plain)])),
    );
    return made;
  }

  /** The variable that a name means, references followed; the innermost scope first. */
  find(name: string): Variable | undefined {
    const found = this.findOwn(name);
    if (found?.attributes.reference !== true) return found;
    return this.find(this.resolve(name));
  }

  /** Without following references. */
  findOwn(name: string): Variable | undefined {
    for (let at = this.#scopes.length - 1; at >= 0; at--) {
      const found = this.#scopes[at]?.get(name);
      if (found !== undefined) return found;
    }
    const computed = this.computed.get(name)?.();
    return computed === undefined ? undefined : new Variable({ kind: "scalar", text: computed });
  }

  /** The name at the end of a chain of references. */
  resolve(name: string): string {
    let at = name;
    for (let step = 0; step < REFERENCES_MAX; step++) {
      const variable = this.findOwn(at);
      if (variable?.attributes.reference !== true || variable.text === undefined) return at;
      at = variable.text;
    }
    return at;
  }

  get(name: string): string | undefined {
    return this.find(name)?.text;
  }

  /** The variable to change: the visible one, else a new one in the global scope. */
  toChange(name: string): Variable {
    const resolved = this.resolve(name);
    const variable = this.findOwn(resolved);
    if (variable === undefined || this.computed.has(resolved)) {
      const made = new Variable();
      this.#scopes[0]?.set(resolved, made);
      return made;
    }
    if (variable.attributes.readonly) throw new ShellError(`${resolved}: readonly variable`);
    return variable;
  }

  set(name: string, value: string): void {
    const variable = this.toChange(name);
    const text = variable.inCase(value);
    const { content } = variable;
    if (content.kind === "indexed") content.items.set(0, text);
    else if (content.kind === "associative") content.items.set("0", text);
    else variable.content = { kind: "scalar", text };
    this.changed(name);
  }

  /** Declares in the innermost scope, as `local` does, or in the global one. */
  declare(name: string, where: "innermost" | "global" = "innermost"): Variable {
    const scope = where === "global" ? this.#scopes[0] : this.#scopes.at(-1);
    const known = scope?.get(name);
    if (known !== undefined) return known;
    const computed = scope === this.#scopes[0] ? this.computed.get(name)?.() : undefined;
    const made = new Variable(
      computed === undefined ? undefined : { kind: "scalar", text: computed },
    );
    scope?.set(name, made);
    return made;
  }

  /** @returns false when the variable is readonly */
  unset(name: string): boolean {
    for (let at = this.#scopes.length - 1; at >= 0; at--) {
      const found = this.#scopes[at]?.get(name);
      if (found === undefined) continue;
      if (found.attributes.readonly) return false;
      // A local that is unset stays local, and hides the one outside.
      if (at > 0) this.#scopes[at]?.set(name, new Variable());
      else this.#scopes[at]?.delete(name);
      this.changed(name);
      return true;
    }
    this.computed.delete(name);
    return true;
  }

  pushScope(): void {
    this.#scopes.push(new Map());
  }

  popScope(): void {
    const gone = this.#scopes.pop();
    for (const name of gone?.keys() ?? []) this.changed(name);
  }

  get depth(): number {
    return this.#scopes.length;
  }

  /** Whether the innermost scope has it. */
  isLocal(name: string): boolean {
    return this.#scopes.at(-1)?.has(name) === true;
  }

  /** Visible variables by name, sorted. */
  visible(): [string, Variable][] {
    const names = new Set(this.#scopes.flatMap((scope) => [...scope.keys()]));
    return [...names].toSorted().flatMap((name) => {
      const variable = this.findOwn(name);
      return variable === undefined ? [] : [[name, variable] as [string, Variable]];
    });
  }

  locals(): [string, Variable][] {
    return [...(this.#scopes.at(-1) ?? [])].toSorted(([a], [b]) => (a < b ? -1 : 1));
  }

  /** The environment of a child. */
  environment(): Record<string, string> {
    const environment: Record<string, string> = {};
    for (const [name, variable] of this.visible()) {
      if (variable.attributes.exported && !variable.isArray && variable.text !== undefined) {
        environment[name] = variable.text;
      }
    }
    return environment;
  }
}
