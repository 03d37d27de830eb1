import type { Tool } from "@modelcontextprotocol/server";
import { DiscoError } from "#protocol/errors.ts";
import { jsonSchemasOf } from "#protocol/json-schema.ts";
import type { Operation } from "#protocol/operation.ts";
import { toolOperations } from "#protocol/registry.ts";
import { type SecurityScheme, securitySchemesOf } from "./security-schemes.ts";
import { shortInput, shortOutput } from "./tool-schemas.ts";

/** Every tool takes it, so the server's instructions say once what it is. */
const containerArgument = { type: "string" };

/** The operations as tools (MCP 2025-11-25, server/tools), computed once: they never change at run time. */
export const tools: readonly SecuredTool[] = toolOperations.map(toolOf);

/** A tool as ChatGPT reads it, which signs people in by what it finds here. */
export type SecuredTool = Tool & { readonly securitySchemes: readonly SecurityScheme[] };

function toolOf(operation: Operation): SecuredTool {
  const { input, output } = jsonSchemasOf(operation);
  const short = shortInput(input);
  const { readOnly, destructive, idempotent, openWorld } = operation.hints;
  return {
    name: operation.name,
    title: operation.title,
    description: operation.description,
    inputSchema: { ...short, properties: { ...short.properties, container: containerArgument } },
    outputSchema: shortOutput(output),
    securitySchemes: securitySchemesOf(operation),
    annotations: {
      title: operation.title,
      readOnlyHint: readOnly,
      destructiveHint: destructive,
      idempotentHint: idempotent,
      openWorldHint: openWorld,
    },
  };
}

/**
 * Parts a tool's arguments into the container and the operation's own.
 *
 * @throws DiscoError `invalid_input` when the container is no text
 */
export function splitContainer(given: Record<string, unknown> | undefined): {
  container: string | undefined;
  input: Record<string, unknown>;
} {
  const { container, ...input } = given ?? {};
  if (container === undefined || typeof container === "string") return { container, input };
  throw new DiscoError("invalid_input", "`container` wants a string.", {
    details: { issues: [{ argument: "container", wants: "wants a string" }] },
  });
}
