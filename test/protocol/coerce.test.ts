import { describe, expect, it } from "vitest";
import * as z from "zod";
import { coerceInput } from "#protocol/coerce.ts";

const schema = z.object({
  count: z.int().default(3),
  ratio: z.number().optional(),
  deep: z.boolean().optional().default(false),
  name: z.string(),
  names: z.array(z.string().refine((name) => name !== "")).optional(),
});

describe("coerceInput", () => {
  it("turns text into numbers and booleans where the schema wants them", () => {
    const input = { count: "10", ratio: "-0.5", deep: "true", name: "7" };
    expect(coerceInput(schema, input)).toEqual({ count: 10, ratio: -0.5, deep: true, name: "7" });
  });

  it.each(["", "ten", "1e3", "0x10", "Infinity", "1,5"])("leaves %j to the parser", (text) => {
    expect(coerceInput(schema, { count: text })).toEqual({ count: text });
  });

  it.each([
    ["a.ts", ["a.ts"]],
    ['["a.ts","b.ts"]', ["a.ts", "b.ts"]],
    ["[id].tsx", ["[id].tsx"]],
    ["[1]", ["[1]"]],
  ])("reads %s as a list of texts where the schema wants one", (names, expected) => {
    expect(coerceInput(schema, { names })).toEqual({ names: expected });
  });

  it("takes only the words true and false for booleans", () => {
    expect(coerceInput(schema, { deep: "1" })).toEqual({ deep: "1" });
    expect(coerceInput(schema, { deep: "TRUE" })).toEqual({ deep: "TRUE" });
  });

  it("keeps what it does not know", () => {
    expect(coerceInput(schema, { other: "1", constructor: "x" })).toEqual({
      other: "1",
      constructor: "x",
    });
  });

  it("keeps a key named __proto__ as a key, so that the parser refuses it", () => {
    const input: unknown = JSON.parse('{"name":"a","__proto__":{"count":1}}');
    const coerced = coerceInput(schema, input) as object;
    expect(Object.keys(coerced)).toContain("__proto__");
    expect(Object.getPrototypeOf(coerced)).toBe(Object.prototype);
    expect(z.strictObject(schema.shape).safeParse(coerced).success).toBe(false);
  });

  it.each([null, undefined, 7, "text", [1]])("gives back %j, which is no object", (input) => {
    expect(coerceInput(schema, input)).toBe(input);
  });
});
