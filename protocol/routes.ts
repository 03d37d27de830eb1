import { jsonSchemasOf, type ObjectSchema } from "./json-schema.ts";
import { type FurtherRoute, type HttpShape, isIn, type Operation } from "./operation.ts";
import { findOperation, operationNames } from "./registry.ts";

/** One REST form of an operation, as every projection of the REST face sees it. */
export interface Route extends HttpShape {
  /** operationId in OpenAPI. */
  readonly id: string;
  readonly operation: Operation;
  readonly title: string;
  readonly description: string;
  /** Where the arguments stand: what DELETE carries as a body, nobody has to read (RFC 9110, 9.3.5). */
  readonly argumentsIn: "query" | "body";
  /** Names of the arguments that a caller may give. */
  readonly takes: readonly string[];
  /** Arguments that the route itself says. */
  readonly fixed: Readonly<Record<string, unknown>>;
  readonly example: Readonly<Record<string, unknown>>;
}

/** The REST forms of an operation, its own first. */
export function routesOf(operation: Operation): readonly Route[] {
  const { name: id, title, description, example, http, furtherRoutes = [] } = operation;
  const own = { ...http, id, title, description, example };
  return [own, ...furtherRoutes].map((shape) => routeOf(operation, shape));
}

function routeOf(operation: Operation, shape: FurtherRoute<Record<string, unknown>>): Route {
  const { fixed = {}, omits = [], ...rest } = shape;
  const inQuery = shape.method === "GET" || shape.method === "DELETE";
  const isTaken = (argument: string): boolean => !(argument in fixed) && !omits.includes(argument);
  return {
    ...rest,
    operation,
    fixed,
    argumentsIn: inQuery ? "query" : "body",
    takes: Object.keys(operation.input.shape).filter(isTaken),
  };
}

/** Every route of the REST face, in the order in which the documents list them. */
export const restRoutes: readonly Route[] = operationNames
  .map((name) => findOperation(name) as Operation)
  .filter((operation) => isIn(operation, "rest"))
  .flatMap(routesOf);

/** What a caller of the route may give, as a JSON Schema. */
export function inputSchemaOf({ operation, takes }: Route): ObjectSchema {
  const { properties, required = [], ...rest } = jsonSchemasOf(operation).input;
  const isTaken = (name: string): boolean => takes.includes(name);
  const wanted = required.filter(isTaken);
  return {
    ...rest,
    properties: Object.fromEntries(Object.entries(properties).filter(([name]) => isTaken(name))),
    ...(wanted.length > 0 && { required: wanted }),
  };
}
