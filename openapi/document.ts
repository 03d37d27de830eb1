import {
  type OpenAPIObject,
  OpenApiBuilder,
  type OperationObject,
  type ParameterObject,
  type ResponseObject,
  type SchemaObject,
} from "openapi3-ts/oas31";
import { type ErrorCode, errorCatalogue, errorCodes } from "#protocol/error-catalogue.ts";
import { jsonSchemasOf } from "#protocol/json-schema.ts";
import type { Operation } from "#protocol/operation.ts";
import { findOperation, operationNames } from "#protocol/registry.ts";

/** Version of the contract, which is also the product's. */
const VERSION = "0.1.0";

/** GPT Actions refuse longer descriptions of an operation. */
const DESCRIPTION_MAX_CHARS = 300;

/** Errors that every operation can have, beside those that it declares. */
const COMMON_ERRORS: readonly ErrorCode[] = [
  "invalid_input",
  "unauthenticated",
  "insufficient_scope",
  "container_not_found",
  "internal",
];
const TAB_ERRORS: readonly ErrorCode[] = [
  "overloaded",
  "tab_not_attached",
  "runtime_not_ready",
  "runtime_failed",
  "deadline_exceeded",
];
const CHANGE_ERRORS: readonly ErrorCode[] = ["outcome_unknown"];
const BODY_ERRORS: readonly ErrorCode[] = ["invalid_json", "too_large", "unsupported_media_type"];

/** The registry as OpenAPI 3.1. Pure: the same registry gives the same document. */
export function buildOpenApi(): OpenAPIObject {
  const builder = OpenApiBuilder.create({
    openapi: "3.1.0",
    info: {
      title: "Disco",
      version: VERSION,
      description:
        "Files and a shell in a container that runs in a browser tab. Open the sandbox page first; " +
        "while it is open, these calls run in it. `current` names your own container. A call runs to " +
        "its end, also when its caller goes away.",
      license: { name: "MIT", identifier: "MIT" },
    },
    paths: {},
    security: [{ bearer: [] }],
    servers: [{ url: "/" }],
  })
    .addSecurityScheme("bearer", {
      type: "http",
      scheme: "bearer",
      description: "The token that `npm start` prints.",
    })
    .addSchema("Problem", problemSchema());
  const operations = operationNames.map((name) => findOperation(name) as Operation);
  for (const path of new Set(operations.map(({ http }) => http.path))) {
    const item = operations
      .filter(({ http }) => http.path === path)
      .map((operation) => [operation.http.method.toLowerCase(), operationObject(operation)]);
    builder.addPath(`/api/v1${path}`, Object.fromEntries(item));
  }
  for (const operation of operations) {
    builder.addSchema(outputName(operation), jsonSchemasOf(operation).output);
  }
  return builder.getSpec();
}

function operationObject(operation: Operation): OperationObject {
  const inQuery = operation.http.method === "GET";
  return {
    operationId: operation.name,
    summary: operation.title,
    description: shorten(operation.description),
    tags: [operation.noun],
    parameters: [containerParameter, ...(inQuery ? queryParameters(operation) : [])],
    ...(!inQuery && { requestBody: requestBody(operation) }),
    responses: {
      "200": {
        description: "The outcome.",
        content: { "application/json": { schema: { $ref: ref(outputName(operation)) } } },
      },
      ...problemResponses(operation, !inQuery),
    },
    "x-openai-isConsequential": !operation.hints.readOnly,
  };
}

const containerParameter = {
  name: "container",
  in: "path" as const,
  required: true,
  description: "Id of the container; `current` is your own.",
  schema: { type: "string", default: "current" } as SchemaObject,
};

function queryParameters(operation: Operation): ParameterObject[] {
  const { properties, required = [] } = jsonSchemasOf(operation).input;
  return Object.entries(properties).map(([name, { description, ...schema }]) => {
    const parameter: ParameterObject = {
      name,
      in: "query",
      required: required.includes(name),
      description: typeof description === "string" ? description : "",
      schema,
    };
    if (name in operation.example) parameter.example = operation.example[name];
    return parameter;
  });
}

function requestBody(operation: Operation) {
  const schema = jsonSchemasOf(operation).input as SchemaObject;
  const { example } = operation;
  return { required: true, content: { "application/json": { schema, example } } };
}

/** Errors share a response when they share a status; the description names each. */
function problemResponses(operation: Operation, hasBody: boolean): Record<string, ResponseObject> {
  const codes = new Set([
    ...COMMON_ERRORS,
    ...(operation.runs === "tab" ? TAB_ERRORS : []),
    ...(operation.hints.readOnly ? [] : CHANGE_ERRORS),
    ...(hasBody ? BODY_ERRORS : []),
    ...operation.errors,
  ]);
  const responses: Record<string, ResponseObject> = {};
  for (const code of errorCodes.filter((one) => codes.has(one))) {
    const { status, title } = errorCatalogue[code];
    const others = responses[status]?.description;
    responses[status] = {
      description: `${others ? `${others} ` : ""}\`${code}\`: ${title}.`,
      content: { "application/problem+json": { schema: { $ref: ref("Problem") } } },
    };
  }
  return responses;
}

/** RFC 9457, with the members that Disco adds. */
function problemSchema(): SchemaObject {
  const text = (description: string): SchemaObject => ({ type: "string", description });
  return {
    type: "object",
    description: "A problem document (RFC 9457).",
    properties: {
      type: { ...text("URL of the error's description."), format: "uri" },
      title: text("The kind of error."),
      status: { type: "integer", description: "HTTP status." },
      detail: text("What happened this time."),
      instance: { ...text("Id of the request."), format: "uri-reference" },
      code: { type: "string", enum: [...errorCodes], description: "Code in the catalogue." },
      retryable: { type: "boolean", description: "The same call may succeed later." },
      next: text("What to do now."),
      details: {
        type: "object",
        description: "Facts for programs, such as open_url.",
        additionalProperties: true,
      },
    },
    required: ["type", "title", "status", "detail", "instance", "code", "retryable", "next"],
  };
}

function outputName(operation: Operation): string {
  const words = operation.name
    .split("_")
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  return `${words.join("")}Output`;
}

function ref(schema: string): string {
  return `#/components/schemas/${schema}`;
}

/** Cut at the end of a sentence, so that what remains is still true. */
function shorten(description: string): string {
  if (description.length <= DESCRIPTION_MAX_CHARS) return description;
  const head = description.slice(0, DESCRIPTION_MAX_CHARS);
  return head.slice(0, head.lastIndexOf(". ") + 1);
}
