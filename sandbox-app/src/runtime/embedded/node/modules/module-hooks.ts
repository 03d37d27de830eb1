import { invalidArgType, nodeError } from "../builtins/errors/node-error.ts";
import { validateFunction } from "../builtins/errors/validate.ts";

/** What `resolve` hooks get, and give on (Node, module.md, "Synchronous hooks"). */
export interface ResolveContext {
  readonly conditions: readonly string[];
  readonly importAttributes: Readonly<Record<string, string>>;
  readonly parentURL: string | undefined;
}

export interface LoadContext {
  readonly conditions: readonly string[];
  readonly format: string | null | undefined;
  readonly importAttributes: Readonly<Record<string, string>>;
}

export interface Resolved {
  readonly url: string;
  readonly format?: string | null | undefined;
  readonly importAttributes?: Readonly<Record<string, string>> | undefined;
}

export interface Loaded {
  readonly format: string | null | undefined;
  readonly source: string | ArrayBuffer | ArrayBufferView | null | undefined;
}

type Next<Context, Result> = (what: string, context?: Partial<Context>) => Result;
type Hook<Context, Result> = (
  what: string,
  context: Context,
  next: Next<Context, Result>,
) => Result & { readonly shortCircuit?: boolean };

interface Hooks {
  readonly resolve?: Hook<ResolveContext, Resolved>;
  readonly load?: Hook<LoadContext, Loaded>;
}

/** `module.registerHooks`: functions that stand between a program and how its modules are found and read. */
export class ModuleHooks {
  /** Last registered, first asked. */
  #chain: readonly Hooks[] = [];

  /** @throws ERR_INVALID_ARG_TYPE */
  register(hooks: unknown): { deregister(): void } {
    if (typeof hooks !== "object" || hooks === null) {
      throw invalidArgType("hooks", "of type object", hooks);
    }
    const { resolve, load } = hooks as Record<string, unknown>;
    if (resolve !== undefined) validateFunction(resolve, "hooks.resolve");
    if (load !== undefined) validateFunction(load, "hooks.load");
    const entry = { ...(resolve ? { resolve } : {}), ...(load ? { load } : {}) } as Hooks;
    this.#chain = [entry, ...this.#chain];
    return {
      deregister: () => {
        this.#chain = this.#chain.filter((each) => each !== entry);
      },
    };
  }

  get resolves(): boolean {
    return this.#chain.some(({ resolve }) => resolve !== undefined);
  }

  get loads(): boolean {
    return this.#chain.some(({ load }) => load !== undefined);
  }

  /** @param usual what happens without hooks */
  resolve(
    specifier: string,
    context: ResolveContext,
    usual: (specifier: string, context: ResolveContext) => Resolved,
  ): Resolved {
    const hooks = this.#chain.flatMap(({ resolve }) => resolve ?? []);
    return run("resolve", hooks, specifier, context, usual);
  }

  /** @param usual what happens without hooks */
  load(
    url: string,
    context: LoadContext,
    usual: (url: string, context: LoadContext) => Loaded,
  ): Loaded {
    const hooks = this.#chain.flatMap(({ load }) => load ?? []);
    return run("load", hooks, url, context, usual);
  }
}

function run<Context, Result extends object>(
  name: string,
  [hook, ...rest]: readonly Hook<Context, Result>[],
  what: string,
  context: Context,
  usual: (what: string, context: Context) => Result,
): Result {
  if (hook === undefined) return usual(what, context);
  let askedNext = false;
  const result = hook(what, context, (nextWhat, nextContext) => {
    askedNext = true;
    return run(name, rest, nextWhat, { ...context, ...nextContext }, usual);
  });
  // A hook that does not pass on must say so: it may have forgotten.
  if (askedNext || result.shortCircuit === true) return result;
  throw nodeError(
    "ERR_INVALID_RETURN_PROPERTY_VALUE",
    `Expected true to be returned for the "shortCircuit" from the "${name}" hook but got ${String(result.shortCircuit)}.`,
    TypeError,
  );
}

/** What a hook gave as source, as text. */
export function sourceText({ source }: Loaded): string {
  if (typeof source === "string") return source;
  return source === null || source === undefined ? "" : new TextDecoder().decode(source);
}

export function sourceBytes({ source }: Loaded): Uint8Array {
  if (typeof source === "string") return new TextEncoder().encode(source);
  if (source === null || source === undefined) return new Uint8Array();
  return ArrayBuffer.isView(source)
    ? new Uint8Array(source.buffer, source.byteOffset, source.byteLength)
    : new Uint8Array(source);
}
