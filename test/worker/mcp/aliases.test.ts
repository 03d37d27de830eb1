import { describe, expect, it } from "vitest";
import { findOperation } from "#protocol/registry.ts";
import { canonicalInput, canonicalName } from "#worker/mcp/aliases.ts";

describe("names of other servers", () => {
  it.each([
    ["file_read", "read_file"],
    ["file_write", "write_file"],
    ["file_search", "search_text"],
    ["terminal_execute", "run_command"],
  ])("%s is %s", (alias, name) => {
    expect(canonicalName(alias)).toBe(name);
    expect(findOperation(alias)).toBeUndefined();
    expect(findOperation(name)).toBeDefined();
  });

  it("leave every other name as it is", () => {
    expect(canonicalName("read_file")).toBe("read_file");
    expect(canonicalName("constructor")).toBe("constructor");
  });
});

describe("arguments of other servers", () => {
  it.each([
    ["read_file", { file_path: "a", offset: 2 }, { path: "a", offset: 2 }],
    ["write_file", { filename: "a", content: "x" }, { path: "a", content: "x" }],
    ["run_command", { cmd: "ls" }, { command: "ls" }],
  ])("%s takes them", (operation, given, taken) => {
    expect(canonicalInput(operation, given)).toEqual(taken);
  });

  it("are left alone where they are not the only one, or mean nothing", () => {
    const both = { path: "a", file_path: "b" };
    expect(canonicalInput("read_file", both)).toEqual(both);
    expect(canonicalInput("list_processes", { cmd: "ls" })).toEqual({ cmd: "ls" });
    expect(canonicalInput("no_such_tool", { cmd: "ls" })).toEqual({ cmd: "ls" });
  });
});
