import type { ShellFunction } from "../state/shell.ts";
import type { BuiltinCall } from "./builtin.ts";
import { functionText } from "../syntax/function-text.ts";

/** `declare -f` and `declare -F`. */
export async function declareFunctions(
  { shell, name: builtin }: BuiltinCall,
  names: readonly string[],
  { onlyNames, isReadonly }: { onlyNames: boolean; isReadonly: boolean },
): Promise<number> {
  if (builtin === "export") {
    for (const name of names) {
      const found = shell.functions.get(name);
      if (found !== undefined) shell.functions.set(name, { ...found, isExported: true });
    }
  }
  // `readonly -f` is accepted, and has no effect.
  if (builtin === "export" || isReadonly)
    return names.every((name) => shell.functions.has(name)) ? 0 : 1;
  const wanted = names.length > 0 ? names : [...shell.functions.keys()].toSorted();
  let status = 0;
  for (const name of wanted) {
    const found = shell.functions.get(name);
    if (found === undefined) status = 1;
    else await shell.print(shown(found, onlyNames, names.length > 0));
  }
  return status;
}

function shown(found: ShellFunction, onlyNames: boolean, isNamed: boolean): string {
  if (!onlyNames) return functionText(found);
  return isNamed ? `${found.name}\n` : `declare -f ${found.name}\n`;
}
