import { findOperation, operationNames } from "#protocol/registry.ts";
import { isIn, type Operation } from "#protocol/operation.ts";
import { type Route, restRoutes } from "#protocol/routes.ts";
import { mcpRevisions } from "../mcp/revisions.ts";
import { toolsets } from "../mcp/selection.ts";
import { API_PATH } from "./rest.ts";

/**
 * What can be asked for now, from the registry: an operation without a handler does not compile, so
 * nothing stands here that does not run.
 */
export function describeCapabilities(): object {
  const operations = operationNames.map((name) => findOperation(name) as Operation);
  return {
    capabilities: [
      ...new Set([...operations.map(capabilityOf), ...restRoutes.map(capabilityOfRoute)]),
    ],
    mcp: { revisions: mcpRevisions, toolsets },
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
      routes: restRoutes.filter((route) => route.operation === operation).map(describeRoute),
      // Null: MCP does not offer it.
      mcp: isIn(operation, "mcp") ? { tool: operation.name } : null,
    })),
  };
}

function describeRoute({ id, method, path, fixed }: Route): object {
  return { id, method, path: API_PATH + path, fixed };
}

function capabilityOf(operation: Operation): string {
  return capability(operation, operation.name);
}

/** What a further route is usually called: `file:create`, `file:delete`. */
function capabilityOfRoute({ operation, id }: Route): string {
  const isFurther = id !== operation.name && !id.endsWith(operation.name);
  return capability(operation, isFurther ? id : operation.name);
}

/** Noun in the singular and verb; a command is executed: `file:read`, `terminal:execute`. */
function capability(operation: Operation, name: string): string {
  const noun = operation.noun.replace(/s$/, "");
  const [first = "", second = ""] = name.split("_");
  const verb = first === noun ? second : first;
  return `${noun}:${verb === "run" ? "execute" : verb}`;
}
