import type { OperationName } from "#protocol/registry.ts";
import { findOperation } from "#protocol/registry.ts";

/** What models that know other servers call the same. Accepted, and told nowhere. */
const toolAliases: ReadonlyMap<string, OperationName> = new Map([
  ["file_read", "read_file"],
  ["file_write", "write_file"],
  ["file_search", "search_text"],
  ["terminal_execute", "run_command"],
]);

const argumentAliases: Readonly<Record<string, readonly string[]>> = {
  path: ["file_path", "filename"],
  command: ["cmd"],
};

/** The name of the operation that is meant; an unknown one stays as it is. */
export function canonicalName(name: string): string {
  return toolAliases.get(name) ?? name;
}

/** The arguments by their own names, where only another one was given. */
export function canonicalInput(
  operation: string,
  input: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const shape = findOperation(operation)?.input.shape ?? {};
  const named = { ...input };
  for (const [name, aliases] of Object.entries(argumentAliases)) {
    if (!Object.hasOwn(shape, name) || Object.hasOwn(named, name)) continue;
    const alias = aliases.find((one) => Object.hasOwn(named, one) && !Object.hasOwn(shape, one));
    if (alias === undefined) continue;
    named[name] = named[alias];
    delete named[alias];
  }
  return named;
}
