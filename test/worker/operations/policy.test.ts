import { expect, it } from "vitest";
import { registry } from "#protocol/registry.ts";
import { checkPolicy } from "#worker/operations/policy.ts";

const { list_files: read, run_command: change } = registry;

it("lets pass what the person allowed by the scope", () => {
  expect([read.approval, change.approval]).toEqual(["never", "policy"]);
  expect(() => checkPolicy(read)).not.toThrow();
  expect(() => checkPolicy(change)).not.toThrow();
});

it("refuses what needs a yes to each call, which nobody can give yet", () => {
  expect(() => checkPolicy({ ...change, approval: "always" })).toThrow(
    /needs the person's approval/,
  );
});
