import { describe, expect, it } from "vitest";
import openapi from "#openapi/openapi.json" with { type: "json" };
import { operationNames } from "#protocol/registry.ts";
import { readText, repositoryFiles, sourceFiles } from "#test/support/repository.ts";

const handlerFiles = sourceFiles().filter(
  (file) =>
    file.startsWith("sandbox-app/src/dispatch/handlers/") ||
    /^worker\/operations\/[a-z-]*handlers?\.ts$/.test(file),
);
const routes = Object.values(openapi.paths as Record<string, Record<string, unknown>>).flatMap(
  (methods) =>
    Object.values(methods).map((route) => (route as { operationId?: string }).operationId),
);
/** Tests that send calls all the way, in which every operation must be used. */
const pathTests = repositoryFiles().filter((file) => /^test\/(path|e2e)\/.*\.test\.ts$/.test(file));

describe.each(operationNames)("the operation %s", (name) => {
  it("has a handler", () => {
    const named = new RegExp(`\\b${name}\\b`);
    expect(handlerFiles.filter((file) => named.test(readText(file)))).not.toEqual([]);
  });

  it("has a REST route", () => {
    expect(routes).toContain(name);
  });

  it("has a row in the README's table of tools", () => {
    expect(readText("README.md")).toContain(`| \`${name}\``);
  });

  it("is called in a test that goes all the way", () => {
    expect(pathTests.filter((file) => readText(file).includes(name))).not.toEqual([]);
  });
});
