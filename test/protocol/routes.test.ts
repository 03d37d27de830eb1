import { describe, expect, it } from "vitest";
import { findOperation, operationNames } from "#protocol/registry.ts";
import { inputSchemaOf, restRoutes } from "#protocol/routes.ts";

describe.each(restRoutes)("the route $id", (route) => {
  const { operation, fixed, takes, example, ifMatch } = route;
  const isFurther = route.id !== operation.name;

  it("has a name of its own, as operations have", () => {
    expect(route.id).toMatch(/^[a-z]+(_[a-z]+)*$/);
    expect(route.id.length).toBeLessThanOrEqual(20);
    if (isFurther) expect(findOperation(route.id)).toBeUndefined();
  });

  it("is described within what every reader takes", () => {
    expect(route.description.length).toBeLessThanOrEqual(isFurther ? 300 : 400);
    if (route.events !== "always") expect(route.description).toMatch(/Returns /);
  });

  it("is a GET when, and only when, it is a read without a body", () => {
    if (route.method === "GET") expect(operation.hints.readOnly).toBe(true);
    if (route.argumentsIn === "query") expect(["GET", "DELETE"]).toContain(route.method);
    else expect(["POST", "PUT"]).toContain(route.method);
  });

  it("takes arguments of its operation, and says the others itself or needs none", () => {
    const all = Object.keys(operation.input.shape);
    expect(all).toEqual(expect.arrayContaining([...takes, ...Object.keys(fixed)]));
    const left = all.filter((name) => !takes.includes(name) && !(name in fixed));
    for (const name of left)
      expect(operation.input.shape[name]?.safeParse(undefined).success).toBe(true);
    expect(Object.keys(inputSchemaOf(route).properties)).toEqual(takes);
    if (ifMatch !== undefined) expect(takes).toContain(ifMatch);
  });

  it("has an example that the operation takes together with what is fixed", () => {
    expect(takes).toEqual(expect.arrayContaining(Object.keys(example)));
    const parsed = operation.input.strict().safeParse({ ...example, ...fixed });
    expect(parsed.error?.issues).toBeUndefined();
  });
});

it("has one route for a method and path, and a name for one route", () => {
  for (const key of [
    restRoutes.map(({ method, path }) => `${method} ${path}`),
    restRoutes.map(({ id }) => id),
  ]) {
    expect(new Set(key).size).toBe(key.length);
  }
});

it("has the first route of every operation at its own place", () => {
  const firsts = operationNames.map((name) =>
    restRoutes.find((route) => route.operation.name === name),
  );
  expect(firsts.map((route) => route?.id)).toEqual(operationNames);
});
