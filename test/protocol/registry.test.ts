import { describe, expect, it } from "vitest";
import { CALL_WAIT_MAX_MS, WAIT_MAX_S } from "#protocol/limits.ts";
import { scopes, timeoutOf } from "#protocol/operation.ts";
import { findOperation, operationNames } from "#protocol/registry.ts";

const operations = operationNames.map((name) => findOperation(name)!);

describe.each(operations)("$name", (operation) => {
  it("stands under its own name, in the form that every client takes", () => {
    expect(findOperation(operation.name)).toBe(operation);
    expect(operation.name).toMatch(/^[a-z]+(_[a-z]+)*$/);
    expect(operation.name.length).toBeLessThanOrEqual(20);
  });

  it("is described for a model: short, and each field too", () => {
    expect(operation.description.length).toBeLessThanOrEqual(400);
    expect(operation.description).toMatch(/Returns /);
    expect(scopes).toContain(operation.scope);
  });

  it("does not claim what contradicts itself", () => {
    const { readOnly, destructive } = operation.hints;
    expect(readOnly && destructive).toBe(false);
    if (readOnly) expect(operation.approval).toBe("never");
    expect(operation.http.method === "GET").toBe(readOnly);
    const isOfNone = operation.name === "create_container" || operation.name === "list_containers";
    expect(operation.http.path.includes("{container}")).toBe(!isOfNone);
  });

  it("has a deadline within the longest wait, for the largest input too", () => {
    const longest = { timeout_s: WAIT_MAX_S, wait_s: WAIT_MAX_S };
    expect(timeoutOf(operation, longest)).toBeLessThanOrEqual(CALL_WAIT_MAX_MS);
    expect(timeoutOf(operation, longest)).toBeGreaterThan(0);
  });
});

it.each(["", "nonsense", "constructor", "__proto__", "toString"])("has no operation %j", (name) => {
  expect(findOperation(name)).toBeUndefined();
});
