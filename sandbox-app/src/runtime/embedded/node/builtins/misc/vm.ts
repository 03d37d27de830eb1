import type { NodeContext } from "../../context.ts";
import { invalidArgType, missingFeature, nodeError } from "../errors/node-error.ts";
import { validateFunction, validateString } from "../errors/validate.ts";

type Options =
  | string
  | { filename?: string; lineOffset?: number; importModuleDynamically?: unknown }
  | undefined;

type ImportCallback = (specifier: string, script: unknown, attributes: object) => unknown;
type Importer = (specifier: unknown, options?: unknown) => Promise<unknown>;

function filenameOf(options: Options): string {
  const name = typeof options === "string" ? options : options?.filename;
  return name ?? "evalmachine.<anonymous>";
}

const INSTEAD =
  "A tab has one realm per process: use runInThisContext, or a worker_threads Worker for isolation.";

const constants = {
  USE_MAIN_CONTEXT_DEFAULT_LOADER: Symbol("vm_dynamic_import_main_context_default"),
  DONT_CONTEXTIFY: Symbol("vm_context_no_contextify"),
};

/** What `import()` does in a script (Node, vm.md, "Support of dynamic import() in compilation APIs"). */
function importerOf(node: NodeContext, options: Options, script: unknown): Importer {
  const callback = typeof options === "object" ? options.importModuleDynamically : undefined;
  if (callback === constants.USE_MAIN_CONTEXT_DEFAULT_LOADER) {
    const name = filenameOf(options);
    const referrer = /^(?:\/|file:)/.test(name) ? name : `${node.process.cwd()}/${name}`;
    return (specifier, given) => node.modules.import(String(specifier), referrer, given);
  }
  if (callback === undefined) {
    return () =>
      Promise.reject(
        nodeError(
          "ERR_VM_DYNAMIC_IMPORT_CALLBACK_MISSING",
          "A dynamic import callback was not specified.",
          TypeError,
        ),
      );
  }
  validateFunction(callback, "options.importModuleDynamically");
  return async (specifier, given) =>
    (callback as ImportCallback)(
      String(specifier),
      script,
      (given as { with?: object } | undefined)?.with ?? {},
    );
}

/** Nothing is: no context can be made. */
function isContext(value: unknown): false {
  if (typeof value === "object" && value !== null) return false;
  throw invalidArgType("object", "of type object", value);
}

/** `node:vm`: scripts in this realm; there are no other realms. */
export function createVm(node: NodeContext): unknown {
  const run = (code: string, filename: string, importer: Importer): unknown => {
    // Indirect eval: the script sees globals only. The name is what stacks and vi.mock read.
    const evaluate = node.global.eval;
    return evaluate(`${node.modules.prepareScript(code, importer)}\n//# sourceURL=${filename}`);
  };
  const refuse = (what: string) => (): never => {
    throw missingFeature(`vm.${what}`, INSTEAD);
  };
  class Script {
    readonly #code: string;
    readonly #filename: string;
    readonly #importer: Importer;
    cachedDataRejected = false;
    sourceMapURL: string | undefined;

    constructor(code: unknown, options?: Options) {
      this.#code = String(code);
      this.#filename = filenameOf(options);
      this.#importer = importerOf(node, options, this);
      // A syntax error belongs to the constructor, as in Node.
      checkSyntax(this.#code);
    }
    runInThisContext(): unknown {
      return run(this.#code, this.#filename, this.#importer);
    }
    runInContext(): never {
      return refuse("Script.runInContext")();
    }
    runInNewContext(): never {
      return refuse("Script.runInNewContext")();
    }
    createCachedData(): Uint8Array {
      return new Uint8Array();
    }
  }
  return {
    Script,
    createScript: (code: unknown, options?: Options) => new Script(code, options),
    runInThisContext: (code: unknown, options?: Options) =>
      new Script(code, options).runInThisContext(),
    isContext,
    createContext: refuse("createContext"),
    runInContext: refuse("runInContext"),
    runInNewContext: refuse("runInNewContext"),
    compileFunction: (
      code: string,
      params: readonly string[] = [],
      options?: Exclude<Options, string>,
    ) => {
      validateString(code, "code");
      const source = `(function (${params.join(",")}) {${code}\n})`;
      return run(source, filenameOf(options), importerOf(node, options, undefined));
    },
    SourceTextModule: undefined,
    constants,
    measureMemory: refuse("measureMemory"),
  };
}

function checkSyntax(code: string): void {
  try {
    // Compiles, and does not run.
    Reflect.construct(Function, [code]);
  } catch (error) {
    // A function body may say less than a script (`await`, `return`): only a script's own errors count.
    if (/Illegal return|await is only valid/.test((error as Error).message)) return;
    throw error;
  }
}
