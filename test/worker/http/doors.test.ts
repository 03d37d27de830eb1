import { expect, it } from "vitest";
import { identityRoutes } from "#protocol/identity-routes.ts";
import { restRoutes } from "#protocol/routes.ts";
import { doors } from "#test/support/doors.ts";
import { createApp } from "#worker/app.ts";

/*
 * Who each route of the worker is for. A route that is new fails here until somebody has said it; what
 * is behind a token is tried with every kind of token by test/path/tenants.test.ts.
 */
const patternOf = (path: string): string => path.replaceAll(/\{(\w+)\}/g, ":$1");

it("is said of every route", () => {
  const METHODS = new Set(["GET", "POST", "PUT", "DELETE"]);
  const served = new Set(
    createApp()
      .routes.filter(({ method }) => METHODS.has(method))
      .map(({ method, path }) => `${method} ${path}`),
  );
  const byToken = [
    ...restRoutes.flatMap(({ method, path, events }) => {
      const bases = events === "always" ? ["/api/v1"] : ["/api/v1", "/actions/v1"];
      return bases.map((base) => `${method} ${base}${patternOf(path)}`);
    }),
    ...Object.values(identityRoutes).map(({ method, path }) => `${method} ${patternOf(path)}`),
  ];
  const said: string[] = [...byToken, ...Object.values(doors).flat()];
  expect([...served].filter((route) => !said.includes(route))).toEqual([]);
  expect(said.filter((route) => !served.has(route))).toEqual([]);
});
