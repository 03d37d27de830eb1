import type { OpenApiBuilder, OperationObject, SchemaObject } from "openapi3-ts/oas31";
import type { ErrorCode } from "#protocol/error-catalogue.ts";
import type { IdentityRoute } from "#protocol/identity-route.ts";
import { identityRoutes } from "#protocol/identity-routes.ts";
import { schemaOf } from "#protocol/json-schema.ts";
import { problemsOf } from "./problems.ts";

/** Adds the routes that are no operations, by their own list. */
export function addIdentityPaths(builder: OpenApiBuilder): void {
  for (const [id, route] of Object.entries(identityRoutes)) {
    builder.addPath(route.path, { [route.method.toLowerCase()]: routeObject(id, route) });
  }
}

function routeObject(id: string, route: IdentityRoute): OperationObject {
  const { title, description, noun, needs, body, output, path, method } = route;
  const answer =
    output === null
      ? { "204": { description: "Done." } }
      : { "200": { description: "The outcome.", content: json(schemaOf(output, "output")) } };
  return {
    operationId: id,
    summary: title,
    description,
    tags: [noun],
    parameters: path.includes("{session}") ? [sessionParameter] : [],
    ...(needs === null && { security: [] }),
    ...(body !== null && {
      requestBody: { required: true, content: json(schemaOf(body, "input")) },
    }),
    responses: { ...answer, ...problemsOf(errorsOf(route)) },
    "x-openai-isConsequential": method !== "GET",
  };
}

const sessionParameter = {
  name: "session",
  in: "path" as const,
  required: true,
  description: "Id of the session.",
  schema: { type: "string" } as SchemaObject,
};

function json(schema: object): { "application/json": { schema: SchemaObject } } {
  return { "application/json": { schema: schema as SchemaObject } };
}

function errorsOf({ needs, body, errors }: IdentityRoute): ReadonlySet<ErrorCode> {
  return new Set<ErrorCode>([
    "internal",
    ...errors,
    ...(needs === null ? [] : (["unauthenticated"] as const)),
    ...(needs === null || needs === "any" ? [] : (["insufficient_scope"] as const)),
    ...(body === null
      ? []
      : (["invalid_input", "invalid_json", "too_large", "unsupported_media_type"] as const)),
  ]);
}
