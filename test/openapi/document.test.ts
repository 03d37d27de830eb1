import { describe, expect, it } from "vitest";
import { buildOpenApi } from "#openapi/document.ts";
import { identityRoutes } from "#protocol/identity-routes.ts";
import { restRoutes } from "#protocol/routes.ts";

/** Limits of GPT Actions. */
const DESCRIPTION_MAX_CHARS = 300;
const PARAMETER_MAX_CHARS = 700;

const routeOf = (id: string) => restRoutes.find((route) => route.id === id);

interface Media {
  content: Record<string, { schema: Record<string, unknown>; example?: unknown }>;
}
interface Operation {
  operationId: string;
  summary: string;
  description: string;
  parameters: {
    name: string;
    in: string;
    required: boolean;
    description: string;
    example?: unknown;
  }[];
  requestBody?: Media;
  responses: Record<string, Media & { description: string }>;
  "x-openai-isConsequential": boolean;
}

const needs = (id: string): boolean =>
  identityRoutes[id as keyof typeof identityRoutes].needs !== null;

const document = buildOpenApi();
const all = Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
  Object.entries(item as Record<string, Operation>).map(([method, operation]) => ({
    path,
    method,
    operation,
  })),
);
const isOperation = (id: string): boolean => restRoutes.some((route) => route.id === id);
const operations = all.filter(({ operation }) => isOperation(operation.operationId));
const others = all.filter(({ operation }) => !isOperation(operation.operationId));

describe("the OpenAPI document", () => {
  it("holds every route once, where the registry says", () => {
    expect(operations.map(({ operation }) => operation.operationId).toSorted()).toEqual(
      restRoutes.map(({ id }) => id).toSorted(),
    );
    for (const { path, method, operation } of operations) {
      const route = routeOf(operation.operationId);
      expect([method, path]).toEqual([route?.method.toLowerCase(), `/api/v1${route?.path}`]);
    }
  });

  it("holds the routes that are no operations, and which of them want a token", () => {
    const seen = others.map(({ path, method, operation: { operationId, ...said } }) => {
      expect(said.description.length, operationId).toBeLessThanOrEqual(DESCRIPTION_MAX_CHARS);
      expect(said.parameters.map(({ name }) => `{${name}}`)).toEqual(path.match(/\{\w+\}/g) ?? []);
      expect("security" in said, operationId).toBe(
        !("401" in said.responses && needs(operationId)),
      );
      expect(Object.keys(said.responses)[0]).toMatch(/^20[04]$/);
      return [operationId, method, path];
    });
    const wanted = Object.entries(identityRoutes).map(([id, route]) => [
      id,
      route.method.toLowerCase(),
      route.path,
    ]);
    expect(seen).toEqual(wanted);
  });

  it("resolves every reference", () => {
    const refs = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(([, ref]) => ref);
    expect(refs.length).toBeGreaterThan(operations.length);
    for (const ref of new Set(refs)) {
      const target = (ref as string)
        .replace("#/", "")
        .split("/")
        .reduce((node: unknown, key) => (node as Record<string, unknown>)[key], document);
      expect(target, ref).toBeTypeOf("object");
    }
  });

  it("asks for a bearer token everywhere", () => {
    expect(document.security).toEqual([{ bearer: [] }]);
    expect(document.components?.securitySchemes?.["bearer"]).toMatchObject({
      type: "http",
      scheme: "bearer",
    });
  });

  it.each(
    operations.map(({ operation, path }) => [operation.operationId, operation, path] as const),
  )("describes %s within what its readers take", (name, operation, path) => {
    const definition = routeOf(name)?.operation;
    expect(operation.summary.length).toBeLessThanOrEqual(DESCRIPTION_MAX_CHARS);
    expect(operation.description.length).toBeLessThanOrEqual(DESCRIPTION_MAX_CHARS);
    expect(operation.description).toMatch(/\.$/);
    expect(operation["x-openai-isConsequential"]).toBe(!definition?.hints.readOnly);
    for (const { description } of operation.parameters) {
      expect(description.length).toBeGreaterThan(0);
      expect(description.length).toBeLessThanOrEqual(PARAMETER_MAX_CHARS);
    }
    const inPath = operation.parameters.filter((one) => one.in === "path");
    expect(inPath.map((one) => `{${one.name}}`)).toEqual(path.match(/\{\w+\}/g) ?? []);
    expect(inPath.every(({ required }) => required)).toBe(true);
  });

  it("names every argument of every route", () => {
    for (const { operation } of operations) {
      const wanted = routeOf(operation.operationId)?.takes;
      const body = operation.requestBody?.content["application/json"]?.schema["properties"];
      const query = operation.parameters
        .filter((one) => one.in === "query")
        .map(({ name }) => name);
      expect(Object.keys(body ?? {}).concat(query)).toEqual(wanted);
    }
  });

  it("gives each operation an example that it takes as it stands", () => {
    for (const { operation } of operations) {
      const route = routeOf(operation.operationId);
      const inQuery = operation.parameters.filter(({ example }) => example !== undefined);
      const shown =
        operation.requestBody?.content["application/json"]?.example ??
        Object.fromEntries(inQuery.map(({ name, example }) => [name, example]));
      expect(shown).toEqual(route?.example);
      const taken = route?.operation.input.strict().safeParse({ ...shown, ...route.fixed });
      expect(taken?.success, operation.operationId).toBe(true);
    }
  });

  it("tells the errors of each operation with their status", () => {
    const write = operations.find(({ operation }) => operation.operationId === "write_file");
    const responses = write?.operation.responses ?? {};
    expect(Object.keys(responses)).toEqual(
      ["200", "400", "401", "403", "404", "409", "410", "412", "413", "415", "429", "500"].concat([
        "503",
        "504",
        "507",
      ]),
    );
    expect(responses["412"]?.description).toBe(
      "`hash_mismatch`: The file changed since it was read.",
    );
    const create = operations.find(({ operation }) => operation.operationId === "create_file");
    expect(Object.keys(create?.operation.responses ?? {})[0]).toBe("201");
    for (const [status, { content }] of Object.entries(responses)) {
      const type = status === "200" ? "application/json" : "application/problem+json";
      expect(Object.keys(content)).toEqual([type]);
    }
  });
});
