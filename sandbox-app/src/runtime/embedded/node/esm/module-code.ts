import type { AsyncContext } from "../async-context/async-context.ts";
import type { ModuleBody } from "./run-body.ts";
import type { ModuleStarter } from "./source-module.ts";

/** What the code of a module may use beside the globals. */
export interface ModuleScope {
  readonly meta: object;
  import(specifier: unknown, options?: unknown): Promise<unknown>;
  readonly context: AsyncContext;
  /** Told how far the first line is shifted. */
  shifted(columns: number): void;
}

/** What stands right before the source in the code of `transformModule`. */
const BODY_START = "yield;";

type ModuleFunction = (...args: unknown[]) => ModuleBody;

/** Compiles the code of `transformModule`. @throws SyntaxError */
export function compileModule(code: string, url: string, scope: ModuleScope): ModuleStarter {
  scope.shifted(code.indexOf(BODY_START) + BODY_START.length);
  // The name is that of the file: stacks and debuggers show it.
  const start = evaluateScript(`${code}\n//# sourceURL=${sourceName(url)}`) as ModuleFunction;
  const { meta, context } = scope;
  return (link, imports) =>
    Reflect.apply(start, undefined, [
      link,
      meta,
      (specifier: unknown, options: unknown) => scope.import(specifier, options),
      context.resume,
      context.capture,
      ...imports,
    ]);
}

/** Runs a script in the scope of the globals. @throws SyntaxError and what the script throws */
export function evaluateScript(source: string): unknown {
  // Programs are what this runtime is for: their code runs in this worker and nowhere else.
  // oxlint-disable-next-line no-eval
  return (0, eval)(source);
}

/** A line break would end the comment, and white space the name. */
function sourceName(url: string): string {
  return url.replaceAll(/\s/g, (space) => encodeURIComponent(space));
}
