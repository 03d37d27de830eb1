import { describe, expect, it } from "vitest";
import { plainSchema } from "#openapi/plain-schema.ts";

const text = { type: "string", maxLength: 3 };

describe("plainSchema", () => {
  it("says null as a second type, wherever the schema stands", () => {
    const schema = { type: "array", items: { anyOf: [text, { type: "null" }], description: "x" } };
    expect(plainSchema(schema)).toEqual({
      type: "array",
      items: { type: ["string", "null"], maxLength: 3, description: "x" },
    });
  });

  it("gives every object its properties, though it has none", () => {
    const schema = { type: "object", additionalProperties: { type: "object" } };
    expect(plainSchema(schema)).toEqual({
      type: "object",
      properties: {},
      additionalProperties: { type: "object", properties: {} },
    });
  });

  it("leaves all else as it is", () => {
    const value = { paths: { "/a": { get: { parameters: [{ schema: text }], example: null } } } };
    expect(plainSchema(value)).toEqual(value);
  });

  it("refuses an alternative that is more than that", () => {
    expect(() => plainSchema({ anyOf: [text, { type: "number" }] })).toThrow(/or null/);
    expect(() => plainSchema({ anyOf: [{ $ref: "#/x" }, { type: "null" }] })).toThrow(/or null/);
  });
});
