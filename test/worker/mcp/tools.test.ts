import { describe, expect, it } from "vitest";
import { findOperation, operationNames } from "#protocol/registry.ts";
import { splitContainer, tools } from "#worker/mcp/tools.ts";

/** facts of hosts: a longer list costs every conversation; a token is about four characters. */
const LIST_MAX_TOKENS = 9_000;
const TOOLS_MAX = 30;

describe("the tools", () => {
  it("are the operations, in their order", () => {
    expect(tools.map(({ name }) => name)).toEqual(operationNames);
    expect(tools.length).toBeLessThanOrEqual(TOOLS_MAX);
  });

  it("fit into a model's window", () => {
    expect(JSON.stringify(tools).length / 4).toBeLessThan(LIST_MAX_TOKENS);
  });

  it.each(tools.map((tool) => [tool.name, tool] as const))(
    "%s is what hosts need",
    (name, tool) => {
      const operation = findOperation(name);
      expect(name).toMatch(/^[a-z]+(_[a-z]+)*$/);
      expect(name.length).toBeLessThanOrEqual(20);
      expect(tool.title).toBe(operation?.title);
      expect((tool.description ?? "").length).toBeLessThanOrEqual(400);
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
    expect(list?.inputSchema.properties?.["depth"]).toMatchObject({ type: "integer", default: 1 });
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
