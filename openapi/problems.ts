import type { ResponseObject, SchemaObject } from "openapi3-ts/oas31";
import { type ErrorCode, errorCatalogue, errorCodes } from "#protocol/error-catalogue.ts";
import type { Route } from "#protocol/routes.ts";
import { ref } from "./operation-object.ts";

/** Errors that every operation can have, beside those that it declares. */
const COMMON_ERRORS: readonly ErrorCode[] = [
  "invalid_input",
  "unauthenticated",
  "insufficient_scope",
  "internal",
];
const CONTAINER_ERRORS: readonly ErrorCode[] = ["container_not_found"];
const USED_CONTAINER_ERRORS: readonly ErrorCode[] = ["container_deleted"];
const TAB_ERRORS: readonly ErrorCode[] = [
  "overloaded",
  "tab_not_attached",
  "runtime_not_ready",
  "runtime_failed",
  "deadline_exceeded",
];
const CHANGE_ERRORS: readonly ErrorCode[] = ["outcome_unknown"];
const BODY_ERRORS: readonly ErrorCode[] = ["invalid_json", "too_large", "unsupported_media_type"];

/** Errors share a response when they share a status; the description names each. */
export function problemResponses(route: Route): Record<string, ResponseObject> {
  const { operation } = route;
  const codes = new Set([
    ...COMMON_ERRORS,
    ...(route.path.includes("{container}") ? CONTAINER_ERRORS : []),
    ...(operation.runs === "directory" ? [] : USED_CONTAINER_ERRORS),
    ...(operation.runs === "tab" ? TAB_ERRORS : []),
    ...(operation.hints.readOnly ? [] : CHANGE_ERRORS),
    ...(route.argumentsIn === "body" ? BODY_ERRORS : []),
    ...operation.errors,
  ]);
  return problemsOf(codes);
}

/** The responses for these codes, in the order of the catalogue. */
export function problemsOf(codes: ReadonlySet<ErrorCode>): Record<string, ResponseObject> {
  const responses: Record<string, ResponseObject> = {};
  for (const code of errorCodes.filter((one) => codes.has(one))) {
    const { status, title } = errorCatalogue[code];
    const others = responses[status]?.description;
    const description = `${others ? `${others} ` : ""}\`${code}\`: ${title}.`;
    responses[status] = problemResponse(description);
  }
  return responses;
}

export function problemResponse(description: string): ResponseObject {
  const content = { "application/problem+json": { schema: { $ref: ref("Problem") } } };
  return { description, content };
}

/** RFC 9457, with the members that Disco adds. */
export function problemSchema(): SchemaObject {
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
