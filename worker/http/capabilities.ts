import { findOperation, operationNames } from "#protocol/registry.ts";
import type { Operation } from "#protocol/operation.ts";
import { API_PATH } from "./rest.ts";

/**
 * What can be asked for now, from the registry: an operation without a handler does not compile, so
 * nothing stands here that does not run.
 */
export function describeCapabilities(): object {
  const operations = operationNames.map((name) => findOperation(name) as Operation);
  return {
    capabilities: operations.map(capabilityOf),
    operations: operations.map((operation) => ({
      name: operation.name,
      title: operation.title,
      description: operation.description,
      capability: capabilityOf(operation),
      scope: operation.scope,
      read_only: operation.hints.readOnly,
      destructive: operation.hints.destructive,
      idempotent: operation.hints.idempotent,
      open_world: operation.hints.openWorld,
      approval: operation.approval,
      rest: { method: operation.http.method, path: API_PATH + operation.http.path },
      mcp: { tool: operation.name },
    })),
  };
}

/** Noun in the singular and verb; a command is executed: `file:read`, `terminal:execute`. */
function capabilityOf(operation: Operation): string {
  const noun = operation.noun.replace(/s$/, "");
  const [first = "", second = ""] = operation.name.split("_");
  const verb = first === noun ? second : first;
  return `${noun}:${verb === "run" ? "execute" : verb}`;
}
