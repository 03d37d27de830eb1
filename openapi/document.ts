import { type OpenAPIObject, OpenApiBuilder, type OperationObject } from "openapi3-ts/oas31";
import { type Route, restRoutes } from "#protocol/routes.ts";
import { withEvents } from "./event-answers.ts";
import { addIdentityPaths } from "./identity-paths.ts";
import { operationObject, outputSchema } from "./operation-object.ts";
import { problemResponses, problemSchema } from "./problems.ts";

/** Version of the contract, which is also the product's. */
const VERSION = "0.1.0";

export interface DocumentParts {
  readonly description: string;
  /** Before each route's path. */
  readonly base: string;
  readonly routes: readonly Route[];
  readonly objectOf: (route: Route) => OperationObject;
  /** Adds what is no operation. */
  readonly addMore?: (builder: OpenApiBuilder) => void;
}

/** The registry as OpenAPI 3.1. Pure: the same registry gives the same document. */
export function buildOpenApi(): OpenAPIObject {
  return buildDocument({
    description:
      "Files and a shell in a container that runs in a browser tab. Open the sandbox page first; " +
      "while it is open, these calls run in it. `current` names your own container. A call runs to " +
      "its end, also when its caller goes away.",
    base: "/api/v1",
    routes: restRoutes,
    objectOf: (route) => withEvents(route, operationObject(route, problemResponses(route))),
    addMore: addIdentityPaths,
  });
}

/** A document of these routes, with all that they refer to. */
export function buildDocument({
  description,
  base,
  routes,
  objectOf,
  addMore,
}: DocumentParts): OpenAPIObject {
  const builder = OpenApiBuilder.create({
    openapi: "3.1.0",
    info: {
      title: "Disco",
      version: VERSION,
      description,
      license: { name: "MIT", identifier: "MIT" },
    },
    paths: {},
    security: [{ bearer: [] }],
    servers: [{ url: "/" }],
  })
    .addSecurityScheme("bearer", {
      type: "http",
      scheme: "bearer",
      description: "An API key, an access token, or the token that `npm start` prints.",
    })
    .addSchema("Problem", problemSchema());
  for (const path of new Set(routes.map((route) => route.path))) {
    const item = routes
      .filter((route) => route.path === path)
      .map((route) => [route.method.toLowerCase(), objectOf(route)]);
    builder.addPath(base + path, Object.fromEntries(item));
  }
  for (const operation of new Set(routes.map((route) => route.operation))) {
    builder.addSchema(...outputSchema(operation));
  }
  addMore?.(builder);
  return builder.getSpec();
}
