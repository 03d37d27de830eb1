import type { NodeContext } from "../../context.ts";
import { invalidArgType, missingFeature } from "../errors/node-error.ts";
import { validateString } from "../errors/validate.ts";

const contexts = new WeakSet<object>();

type Options = string | { filename?: string; lineOffset?: number } | undefined;

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

/** `node:vm`: scripts in this realm; there are no other realms. */
export function createVm(node: NodeContext): unknown {
  const run = (code: string, filename: string): unknown => {
    // Indirect eval: the script sees globals only. The name is what stacks and vi.mock read.
    const evaluate = node.global.eval;
    return evaluate(`${node.modules.prepareScript(code, filename)}\n//# sourceURL=${filename}`);
  };
  const refuse = (what: string) => (): never => {
    throw missingFeature(`vm.${what}`, INSTEAD);
  };
  class Script {
    readonly #code: string;
    readonly #filename: string;
    cachedDataRejected = false;
    sourceMapURL: string | undefined;

    constructor(code: unknown, options?: Options) {
      this.#code = String(code);
      this.#filename = filenameOf(options);
      // A syntax error belongs to the constructor, as in Node.
      checkSyntax(this.#code);
    }
    runInThisContext(): unknown {
      return run(this.#code, this.#filename);
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
    isContext: (value: unknown) => {
      if (typeof value !== "object" || value === null)
        throw invalidArgType("object", "of type object", value);
      return contexts.has(value);
    },
    createContext: refuse("createContext"),
    runInContext: refuse("runInContext"),
    runInNewContext: refuse("runInNewContext"),
    compileFunction: (
      code: string,
      params: readonly string[] = [],
      options?: { filename?: string },
    ) => {
      validateString(code, "code");
      const source = node.modules.prepareScript(code, filenameOf(options));
      return run(`(function (${params.join(",")}) {${source}\n})`, filenameOf(options));
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
