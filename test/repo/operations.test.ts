import { describe, expect, it } from "vitest";
import openapi from "#openapi/openapi.json" with { type: "json" };
import { findOperation, operationNames } from "#protocol/registry.ts";
import { tabHandlers } from "#sandbox/dispatch/tab-handlers.ts";
import { readText, repositoryFiles } from "#test/support/repository.ts";
import { tools } from "#worker/mcp/tools.ts";
import { edgeHandlers } from "#worker/operations/edge-handlers.ts";

const handlers = { edge: Object.keys(edgeHandlers), tab: Object.keys(tabHandlers) };
const paths = openapi.paths as Record<string, Record<string, { operationId: string }>>;
/** Tests that send calls all the way, in which every operation must be used. */
const pathTests = repositoryFiles().filter((file) => /^test\/(path|e2e)\/.*\.test\.ts$/.test(file));

describe.each(operationNames)("the operation %s", (name) => {
  const operation = findOperation(name)!;

  it("has a handler where it runs, and nowhere else", () => {
    const places = (["edge", "tab"] as const).filter((place) => handlers[place].includes(name));
    expect(places).toEqual([operation.runs]);
  });

  it("is a tool of that name", () => {
    expect(tools.filter((tool) => tool.name === name)).toHaveLength(1);
  });

  it("is what its route runs", () => {
    const { method, path } = operation.http;
    const route = paths[`/api/v1${path}`]?.[method.toLowerCase()];
    expect(route?.operationId).toBe(name);
  });

  it("has a row in the README's table of tools", () => {
    expect(readText("README.md").match(new RegExp(`^\\| \`${name}\` +\\|`, "gm"))).toHaveLength(1);
  });

  it("is called by its name in a test that goes all the way", () => {
    const call = new RegExp(String.raw`\bcall(?:Tool)?\(\s*(?:\{\s*name:\s*)?"${name}"`);
    expect(pathTests.filter((file) => call.test(readText(file)))).not.toEqual([]);
  });
});

it("has no handler and no tool but those of the operations", () => {
  const all = operationNames.toSorted();
  expect([...handlers.edge, ...handlers.tab].toSorted()).toEqual(all);
  expect(tools.map(({ name }) => name).toSorted()).toEqual(all);
});
