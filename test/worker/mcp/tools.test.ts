import { describe, expect, it } from "vitest";
import { jsonSchemasOf } from "#protocol/json-schema.ts";
import type { Operation } from "#protocol/operation.ts";
import { findOperation, toolOperations } from "#protocol/registry.ts";
import { splitContainer, tools } from "#worker/mcp/tools.ts";

/** A longer list costs every conversation, and above so many tools hosts begin to hide them. */
const LIST_MAX_TOKENS = 9_000;
const TOOLS_MAX = 30;

/** What one tool may take, and what is kept free for each that does not exist yet. */
const TOOL_MAX_TOKENS = 500;
const TOOL_RESERVED_TOKENS = 230;

/** No tokenizer is at hand: JSON like this has 4.2 characters a token (o200k_base), so this is more. */
const tokensOf = (value: unknown) => JSON.stringify(value).length / 4;

/** Every schema within a schema, itself included. */
function within(schema: Record<string, unknown>): Record<string, unknown>[] {
  const { properties = {}, items } = schema as Record<string, Record<string, unknown> | undefined>;
  const below = [...Object.values(properties), ...(items ? [items] : [])];
  return [schema, ...below.flatMap((one) => within(one as Record<string, unknown>))];
}

describe("the tools", () => {
  it("are the operations that MCP offers, in their order", () => {
    expect(tools.map(({ name }) => name)).toEqual(toolOperations.map(({ name }) => name));
    expect(tools.length).toBeLessThanOrEqual(TOOLS_MAX);
  });

  it("fit into a model's window, with room for those to come", () => {
    const reserved = (TOOLS_MAX - tools.length) * TOOL_RESERVED_TOKENS;
    expect(tokensOf(tools) + reserved).toBeLessThan(LIST_MAX_TOKENS);
  });

  it("say nothing twice: outputs are names and types, and no schema has a union", () => {
    for (const { inputSchema, outputSchema } of tools) {
      for (const schema of within(outputSchema as Record<string, unknown>)) {
        expect(Object.keys(schema).filter((key) => key !== "type")).toEqual(
          "properties" in schema ? ["properties"] : "items" in schema ? ["items"] : [],
        );
      }
      for (const schema of within(inputSchema)) expect(schema).not.toHaveProperty("anyOf");
    }
  });

  it("keep of their arguments names, types, defaults, descriptions and the most of numbers", () => {
    for (const { name, inputSchema } of tools) {
      const whole = jsonSchemasOf(findOperation(name) as Operation).input;
      expect(inputSchema.required).toEqual(whole.required);
      for (const [argument, schema] of Object.entries(whole.properties)) {
        const told = inputSchema.properties?.[argument] as Record<string, unknown>;
        for (const key of ["type", "default", "enum", "maximum", "description"]) {
          expect(told[key], `${name}.${argument}.${key}`).toEqual(schema[key]);
        }
      }
    }
  });

  it("tell of null without a union", () => {
    const ran = tools.find(({ name }) => name === "run_command")?.outputSchema;
    expect(ran).toMatchObject({ properties: { exit_code: { type: ["integer", "null"] } } });
  });

  it.each(tools.map((tool) => [tool.name, tool] as const))(
    "%s is what hosts need",
    (name, tool) => {
      const operation = findOperation(name);
      expect(name).toMatch(/^[a-z]+(_[a-z]+)*$/);
      expect(name.length).toBeLessThanOrEqual(20);
      expect(tool.title).toBe(operation?.title);
      expect((tool.description ?? "").length).toBeLessThanOrEqual(400);
      expect(tokensOf(tool)).toBeLessThanOrEqual(TOOL_MAX_TOKENS);
      expect(tool.annotations).toEqual({
        title: operation?.title,
        readOnlyHint: operation?.hints.readOnly,
        destructiveHint: operation?.hints.destructive,
        idempotentHint: operation?.hints.idempotent,
        openWorldHint: operation?.hints.openWorld,
      });
      for (const schema of [tool.inputSchema, tool.outputSchema as Record<string, unknown>]) {
        expect(schema["type"]).toBe("object");
        for (const key of ["anyOf", "oneOf", "allOf", "$ref", "$defs"]) {
          expect(schema).not.toHaveProperty(key);
        }
      }
      const { properties, required = [] } = tool.inputSchema;
      expect(Object.keys(properties ?? {})).toContain("container");
      expect(required).not.toContain("container");
      expect(tool.inputSchema["additionalProperties"]).toBe(false);
    },
  );

  it("take arguments with a default as optional", () => {
    const list = tools.find(({ name }) => name === "list_files");
    expect(list?.inputSchema.required).toBeUndefined();
    expect(list?.inputSchema.properties?.["limit"]).toMatchObject({
      type: "integer",
      default: 200,
    });
  });
});

describe("splitContainer", () => {
  it("takes the container out of the arguments", () => {
    expect(splitContainer({ path: "a", container: "c1" })).toEqual({
      container: "c1",
      input: { path: "a" },
    });
    expect(splitContainer(undefined)).toEqual({ container: undefined, input: {} });
  });

  it.each([null, 1, {}, ["c1"]])("refuses %j as a container", (container) => {
    expect(() => splitContainer({ container })).toThrow("`container` wants a string.");
  });
});
