import type {
  OperationObject,
  ParameterObject,
  ResponseObject,
  SchemaObject,
} from "openapi3-ts/oas31";
import { jsonSchemasOf } from "#protocol/json-schema.ts";
import type { Operation } from "#protocol/operation.ts";
import { inputSchemaOf, type Route } from "#protocol/routes.ts";

/** GPT Actions refuse longer descriptions of an operation. */
const DESCRIPTION_MAX_CHARS = 300;

/** What a route's object says of failures. */
type Failures = Readonly<Record<string, ResponseObject>>;

/** A route as an OpenAPI operation (OpenAPI 3.1, section 4.8.10). */
export function operationObject(route: Route, failures: Failures): OperationObject {
  const { id, title, description, operation, path, success = 200 } = route;
  const inQuery = route.argumentsIn === "query";
  const parameters = [
    ...(path.includes("{container}") ? [containerParameter] : []),
    ...(inQuery ? queryParameters(route) : []),
  ];
  return {
    operationId: id,
    summary: title,
    description: shorten(description),
    tags: [operation.noun],
    parameters,
    ...(!inQuery && { requestBody: requestBody(route) }),
    responses: {
      [success]: {
        description: "The outcome.",
        content: { "application/json": { schema: { $ref: ref(outputName(operation)) } } },
      },
      ...failures,
    },
    "x-openai-isConsequential": !operation.hints.readOnly,
  };
}

/** The schema of what an operation returns, and its name among the components. */
export function outputSchema(operation: Operation): [name: string, schema: SchemaObject] {
  return [outputName(operation), jsonSchemasOf(operation).output];
}

/** `#/components/schemas/<schema>` */
export function ref(schema: string): string {
  return `#/components/schemas/${schema}`;
}

const containerParameter = {
  name: "container",
  in: "path" as const,
  required: true,
  description: "Id of the container; `current` is your own.",
  schema: { type: "string", default: "current" } as SchemaObject,
};

function queryParameters(route: Route): ParameterObject[] {
  const { properties, required = [] } = inputSchemaOf(route);
  return Object.entries(properties).map(([name, { description, ...schema }]) => {
    const parameter: ParameterObject = {
      name,
      in: "query",
      required: required.includes(name),
      description: typeof description === "string" ? description : "",
      schema,
    };
    if (name in route.example) parameter.example = route.example[name];
    return parameter;
  });
}

function requestBody(route: Route) {
  const schema = inputSchemaOf(route) as SchemaObject;
  const { example } = route;
  return { required: true, content: { "application/json": { schema, example } } };
}

function outputName(operation: Operation): string {
  const words = operation.name
    .split("_")
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  return `${words.join("")}Output`;
}

/** Cut at the end of a sentence, so that what remains is still true. */
function shorten(description: string): string {
  if (description.length <= DESCRIPTION_MAX_CHARS) return description;
  const head = description.slice(0, DESCRIPTION_MAX_CHARS);
  return head.slice(0, head.lastIndexOf(". ") + 1);
}
