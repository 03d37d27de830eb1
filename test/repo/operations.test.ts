import { describe, expect, it } from "vitest";
import openapi from "#openapi/openapi.json" with { type: "json" };
import { isIn } from "#protocol/operation.ts";
import { findOperation, operationNames, toolOperations } from "#protocol/registry.ts";
import { routesOf } from "#protocol/routes.ts";
import { tabHandlers } from "#sandbox/dispatch/tab-handlers.ts";
import { readText, repositoryFiles } from "#test/support/repository.ts";
import { tools } from "#worker/mcp/tools.ts";
import { directoryHandlers, edgeHandlers } from "#worker/operations/edge-handlers.ts";

const handlers = {
  edge: Object.keys(edgeHandlers),
  directory: Object.keys(directoryHandlers),
  tab: Object.keys(tabHandlers),
};
const paths = openapi.paths as Record<string, Record<string, { operationId: string }>>;
/** Tests that send calls all the way, in which every operation must be used. */
const pathTests = repositoryFiles().filter((file) => /^test\/(path|e2e)\/.*\.test\.ts$/.test(file));

describe.each(operationNames)("the operation %s", (name) => {
  const operation = findOperation(name)!;

  it("has a handler where it runs, and nowhere else", () => {
    const all = ["edge", "directory", "tab"] as const;
    const places = all.filter((place) => handlers[place].includes(name));
    expect(places).toEqual([operation.runs]);
  });

  it("is a tool of that name, where it is one at all", () => {
    const found = tools.filter((tool) => tool.name === name);
    expect(found).toHaveLength(isIn(operation, "mcp") ? 1 : 0);
  });

  it("is what its routes run", () => {
    for (const { id, method, path } of routesOf(operation)) {
      expect(paths[`/api/v1${path}`]?.[method.toLowerCase()]?.operationId).toBe(id);
    }
  });

  it("stands in the README's tables, with all its routes", () => {
    const readme = readText("README.md");
    const row = new RegExp(`^\\| \`${name}\` +\\|`, "gm");
    expect(readme.match(row) ?? []).toHaveLength(isIn(operation, "mcp") ? 1 : 0);
    for (const { method, path } of routesOf(operation)) {
      expect(readme.split(`\`${method} /api/v1${path}\``)).toHaveLength(2);
    }
  });

  it("is called by its name in a test that goes all the way, each of its routes too", () => {
    for (const { id } of routesOf(operation)) {
      const call = new RegExp(String.raw`\bcall(?:Tool)?\(\s*(?:\{\s*name:\s*)?"${id}"`);
      expect(pathTests.filter((file) => call.test(readText(file)))).not.toEqual([]);
    }
  });
});

it("has no handler and no tool but those of the operations", () => {
  const all = operationNames.toSorted();
  expect(Object.values(handlers).flat().toSorted()).toEqual(all);
  expect(tools).toHaveLength(toolOperations.length);
});
