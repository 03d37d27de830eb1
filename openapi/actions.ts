import type { OpenAPIObject } from "openapi3-ts/oas31";
import { ACTIONS_ANSWER_MAX_CHARS } from "#protocol/limits.ts";
import { type Route, restRoutes } from "#protocol/routes.ts";
import { buildDocument } from "./document.ts";
import { operationObject } from "./operation-object.ts";
import { plainSchema } from "./plain-schema.ts";
import { problemResponse } from "./problems.ts";

/** Before each route's path: there the worker keeps answers within what a GPT takes. */
const BASE = "/actions/v1";

/** Each says what another operation of the document says too, and a GPT takes 30 of them. */
const LEFT_OUT: ReadonlySet<string> = new Set(["create_file", "delete_path", "post_search_text"]);

/** The routes that a GPT is offered; it reads no streams. */
export const actionRoutes: readonly Route[] = restRoutes.filter(
  ({ id, events }) => !LEFT_OUT.has(id) && events !== "always",
);

/**
 * The registry for GPT Actions: fewer operations, plain schemas, one response for all failures. Their
 * limits: https://developers.openai.com/api/docs/actions/production, "Open API specification limits"
 * and "Additional limitations".
 */
export function buildActions(): OpenAPIObject {
  const failure = problemResponse("It failed: `code` says why, `next` what to do now.");
  const document = buildDocument({
    description:
      "A dev environment that runs in the user's own browser tab: files, a shell, processes. Call " +
      "container_status first; when its state is waiting_for_tab, ask the user to open open_url. " +
      "Every `container` is `current` unless the user has several. An answer has at most " +
      `${ACTIONS_ANSWER_MAX_CHARS} characters.`,
    base: BASE,
    routes: actionRoutes,
    objectOf: (route) => operationObject(route, { default: failure }),
  });
  return plainSchema(document);
}
