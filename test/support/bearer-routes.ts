import { identityRoutes } from "#protocol/identity-routes.ts";
import type { Scope } from "#protocol/operation.ts";
import { restRoutes } from "#protocol/routes.ts";

/** Every route of the REST face that a token opens; `{id}` stands for what it names. */
export const bearerRoutes = [
  ...restRoutes.flatMap((route) => {
    const inQuery = route.argumentsIn === "query";
    const query = new URLSearchParams(
      Object.entries(route.example).map(([key, value]) => [key, String(value)]),
    );
    const suffix = inQuery && query.size > 0 ? `?${query}` : "";
    const bases = route.events === "always" ? ["/api/v1"] : ["/api/v1", "/actions/v1"];
    return bases.map((base) => ({
      id: `${base} ${route.id}`,
      method: route.method,
      path: base + route.path.replace("{container}", "{id}") + suffix,
      body: inQuery ? undefined : route.example,
      scope: route.operation.scope as Scope | "any",
      names: "container" as const,
    }));
  }),
  ...Object.entries(identityRoutes).flatMap(([id, { needs, method, path }]) =>
    needs === null
      ? []
      : [
          {
            id,
            method,
            path: path.replace("{session}", "{id}"),
            body: undefined,
            scope: needs,
            names: "session" as const,
          },
        ],
  ),
];
