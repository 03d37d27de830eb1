import { describe, expect, it } from "vitest";
import * as z from "zod";
import { actionRoutes, buildActions } from "#openapi/actions.ts";
import { buildOpenApi } from "#openapi/document.ts";
import { CALL_WAIT_MAX_MS } from "#protocol/limits.ts";
import { jsonSchemasOf } from "#protocol/json-schema.ts";
import { timeoutOf } from "#protocol/operation.ts";

/** https://developers.openai.com/api/docs/actions/production */
const OPERATIONS_MAX = 30;
const DESCRIPTION_MAX_CHARS = 300;
const PARAMETER_MAX_CHARS = 700;
const TIMEOUT_MS = 45_000;

type Schema = Record<string, unknown>;
interface Operation {
  operationId: string;
  summary: string;
  description: string;
  parameters: { name: string; in: string; description: string; schema: Schema }[];
  requestBody?: { content: Record<string, { schema: Schema }> };
  responses: Record<string, unknown>;
  "x-openai-isConsequential": boolean;
}

const document = buildActions();
const operations = Object.values(document.paths ?? {}).flatMap(
  (item) => Object.values(item) as Operation[],
);

/** Every schema of the document, at any depth. */
function schemasWithin(value: unknown): Schema[] {
  if (typeof value !== "object" || value === null) return [];
  const own = "type" in value && !("in" in value) && !("scheme" in value) ? [value as Schema] : [];
  return [...own, ...Object.values(value).flatMap(schemasWithin)];
}

describe("the document for GPT Actions", () => {
  it("has at most 30 operations, each with a name of its own", () => {
    const names = operations.map(({ operationId }) => operationId);
    expect(names.length).toBeLessThanOrEqual(OPERATIONS_MAX);
    expect(names.length).toBeGreaterThan(10);
    expect(new Set(names).size).toBe(names.length);
  });

  it("offers every operation, some routes of which it leaves out", () => {
    const all = Object.values(buildOpenApi().paths ?? {}).flatMap((item) => Object.values(item));
    const ids = (all as Operation[]).map(({ operationId }) => operationId);
    expect(ids).toEqual(expect.arrayContaining(operations.map(({ operationId }) => operationId)));
    expect(new Set(actionRoutes.map(({ operation }) => operation.name))).toEqual(
      new Set(operations.map(({ operationId }) => operationId)),
    );
  });

  it.each(operations.map((one) => [one.operationId, one] as const))(
    "keeps %s within what a GPT reads and waits for",
    (_name, operation) => {
      const route = actionRoutes.find(({ id }) => id === operation.operationId);
      expect(operation.summary.length).toBeLessThanOrEqual(DESCRIPTION_MAX_CHARS);
      expect(operation.description.length).toBeLessThanOrEqual(DESCRIPTION_MAX_CHARS);
      for (const { description } of operation.parameters) {
        expect(description.length).toBeLessThanOrEqual(PARAMETER_MAX_CHARS);
      }
      const body = operation.requestBody?.content["application/json"]?.schema;
      for (const { description = "" } of schemasWithin(body)) {
        expect(String(description).length).toBeLessThanOrEqual(PARAMETER_MAX_CHARS);
      }
      expect(operation["x-openai-isConsequential"]).toBe(!route?.operation.hints.readOnly);
      const longest = { timeout_s: 45, wait_s: 45 };
      expect(timeoutOf(route!.operation, longest)).toBeLessThan(TIMEOUT_MS);
    },
  );

  it("waits no longer than a GPT, whatever the operation", () => {
    expect(CALL_WAIT_MAX_MS).toBeLessThanOrEqual(TIMEOUT_MS);
  });

  it("has plain schemas only: no alternatives, no header parameters, objects with properties", () => {
    for (const schema of schemasWithin(document)) {
      for (const key of ["anyOf", "oneOf", "allOf", "not"]) expect(schema).not.toHaveProperty(key);
      if (schema["type"] === "object") expect(schema).toHaveProperty("properties");
    }
    for (const { parameters } of operations) {
      expect(
        parameters.map((one) => one.in).filter((place) => !["path", "query"].includes(place)),
      ).toEqual([]);
      for (const { schema } of parameters) expect(schema["type"]).toBeTypeOf("string");
    }
  });

  it("has schemas that are JSON Schemas, and mean what those of the operations mean", () => {
    const schemas = document.components?.schemas ?? {};
    for (const { operation } of actionRoutes) {
      const name = `${operation.name.replaceAll(/(?:^|_)(\w)/g, (_, first: string) => first.toUpperCase())}Output`;
      const plain = schemas[name] as Schema;
      expect(() => z.fromJSONSchema(plain), name).not.toThrow();
      expect(Object.keys(plain["properties"] as Schema)).toEqual(
        Object.keys(jsonSchemasOf(operation).output.properties),
      );
    }
    const read = z.fromJSONSchema(schemas["ReadOutputOutput"] as Schema);
    const isOutput = (value: unknown): boolean => read.safeParse(value).success;
    const output = { output: "", cursor: 0, remaining: 0, dropped: 0, status: "running" };
    expect(isOutput({ ...output, exit_code: null })).toBe(true);
    expect(isOutput({ ...output, exit_code: 0 })).toBe(true);
    expect(isOutput({ ...output, exit_code: "0" })).toBe(false);
  });

  it("refers only to what it has", () => {
    const refs = JSON.stringify(document).matchAll(/"#\/components\/schemas\/(\w+)"/g);
    for (const [, name = ""] of refs) expect(document.components?.schemas).toHaveProperty(name);
  });
});
