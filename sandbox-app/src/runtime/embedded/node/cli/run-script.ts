import type { NodeContext } from "../context.ts";
import type { NodeMachine } from "../create-context.ts";
import { evaluateScript } from "../esm/module-code.ts";
import { helper } from "../esm/names.ts";
import { explainSyntax } from "../fatal/syntax-place.ts";
import { toFileUrl } from "../modules/file-url.ts";
import { isModuleSource, prepareScript, toJavaScript } from "../modules/source-code.ts";

/** Bytes asked for at once; a pipe holds no more. */
const READ_BYTES = 65_536;

export interface ScriptSource {
  readonly source: string;
  /** Prints the value of the last statement. */
  readonly print: boolean;
  /** `[eval]` or `[stdin]`, as stacks show it. */
  readonly name: string;
}

/** All of standard input, as text. */
export async function readStandardInput({ system, loop }: NodeContext): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for (;;) {
    const bytes = await loop.track("FSReqCallback", system.call("read", 0, READ_BYTES, null));
    if (bytes.byteLength === 0) return text + decoder.decode();
    text += decoder.decode(bytes, { stream: true });
  }
}

/**
 * Runs a program that is in no file: as a script in the global scope, unless its type or its syntax
 * says module (Node, cli.md, `--input-type`).
 */
export function runScript(
  machine: NodeMachine,
  inputType: string | null,
  script: ScriptSource,
): Promise<unknown> | null {
  const type = inputType ?? "";
  machine.termination.sources.set(script.name, script.source);
  const isTypeScript = type.endsWith("-typescript");
  const source = isTypeScript
    ? toJavaScript(script.source, "typescript", script.name)
    : script.source;
  if (type.startsWith("module")) return runAsModule(machine, source, script.name);
  exposeScope(machine, script.name);
  let value: unknown;
  try {
    value = evaluateScript(`${prepareScript(source)}\n//# sourceURL=${script.name}`);
  } catch (error) {
    if (!isFromCompiling(error, script.name)) throw error;
    if (type === "" && isModuleSource(source) && !script.print) {
      return runAsModule(machine, source, script.name);
    }
    const stripped = type === "" ? withoutTypes(source, script.name) : source;
    if (stripped === source) throw explainSyntax(error, script.name, source);
    return runScript(machine, "commonjs", { ...script, source: stripped });
  }
  if (script.print) {
    machine.context.builtin<{ log(value: unknown): void }>("console").log(value);
  }
  return null;
}

/** A syntax error of the script itself has no frame in it. */
function isFromCompiling(error: unknown, name: string): boolean {
  return error instanceof SyntaxError && !String(error.stack).includes(`${name}:`);
}

function withoutTypes(source: string, name: string): string {
  try {
    return toJavaScript(source, "typescript", name);
  } catch {
    return source;
  }
}

function runAsModule(machine: NodeMachine, source: string, name: string): Promise<unknown> {
  const url = toFileUrl(`${machine.context.process.cwd()}/${name}1`).href;
  return machine.loader.evaluateSource(source, url);
}

/** What a script in the global scope has of a module's: `require` and its companions. */
function exposeScope({ context, loader }: NodeMachine, name: string): void {
  const file = `${context.process.cwd()}/${name}`;
  const module = new loader.Module(name);
  module.filename = file;
  module.paths = loader.Module._nodeModulePaths(context.process.cwd());
  const scope = {
    module,
    exports: module.exports,
    require: loader.requireFor(module),
    __filename: name,
    __dirname: ".",
  };
  for (const [key, value] of Object.entries(scope)) define(context, key, value);
  define(context, helper.import, (specifier: string, options: unknown) =>
    loader.import(specifier, file, options),
  );
}

function define({ global }: NodeContext, name: string, value: unknown): void {
  Object.defineProperty(global, name, {
    value,
    writable: true,
    configurable: true,
    enumerable: false,
  });
}
