import type { AsyncContext } from "../async-context/async-context.ts";
import { evaluateScript } from "../esm/module-code.ts";
import { helper } from "../esm/names.ts";

export type DynamicImport = (specifier: unknown, options?: unknown) => Promise<unknown>;

export type CommonJsFunction = (
  this: unknown,
  exports: unknown,
  require: unknown,
  module: unknown,
  filename: string,
  directory: string,
) => unknown;

/** What stands before the first line of a CommonJS module; columns there are shifted by its length. */
const COMMONJS_HEAD = `(function (${helper.import},${helper.resume},${helper.capture}){return function (exports, require, module, __filename, __dirname) { `;

/** Compiles a prepared source as the body of a function. @throws SyntaxError */
export function compileCommonJs(
  prepared: string,
  filename: string,
  scope: {
    readonly import: DynamicImport;
    readonly context: AsyncContext;
    shifted(file: string, columns: number): void;
  },
): CommonJsFunction {
  const name = filename.replaceAll(/\s/g, (space) => encodeURIComponent(space));
  scope.shifted(name, COMMONJS_HEAD.length);
  const script = evaluateScript(`${COMMONJS_HEAD}${prepared}\n}})\n//# sourceURL=${name}`) as (
    ...args: unknown[]
  ) => CommonJsFunction;
  return script(scope.import, scope.context.resume, scope.context.capture);
}
