import { describe, expect, it } from "vitest";
import type { DiscoError } from "#protocol/errors.ts";
import { type OperationName, findOperation } from "#protocol/registry.ts";
import { parseInput } from "#worker/operations/parse-input.ts";

function parse(name: OperationName, raw: unknown) {
  const operation = findOperation(name);
  if (operation === undefined) throw new Error(name);
  return parseInput(operation, raw);
}

function messageOf(name: OperationName, raw: unknown): string {
  try {
    parse(name, raw);
  } catch (error) {
    expect(error).toMatchObject({ code: "invalid_input" });
    return (error as DiscoError).message;
  }
  throw new Error("It was accepted.");
}

describe("parseInput", () => {
  it("fills defaults and turns text into what is wanted", () => {
    expect(parse("list_files", undefined)).toEqual({ path: ".", limit: 200, all: false });
    expect(parse("list_files", { depth: "3" })).toMatchObject({ depth: 3 });
  });

  it.each([
    ["read_file", {}, "read_file: `path` or `paths` is wanted, one of them and not both."],
    ["write_file", { content: "" }, "write_file: `path` is missing (wants string)."],
    ["read_file", { path: "" }, "read_file: `path` wants at least 1 character."],
    ["read_file", { path: "x".repeat(5_000) }, "read_file: `path` wants at most 4096 characters."],
    ["read_file", { path: "a", limit: 1e300 }, "read_file: `limit` wants at most 10000."],
    [
      "run_command",
      { command: "ls", env: { "A-B": "1" } },
      "run_command: `env.A-B` wants a name of letters, digits and _, not a digit first.",
    ],
    [
      "write_file",
      { path: "a", content: "", expected_hash: "x" },
      "write_file: `expected_hash` wants 64 hex digits in lower case.",
    ],
    ["read_file", { path: "a\0" }, "read_file: `path` must not contain NUL."],
    ["read_file", { path: null }, "read_file: `path` wants string, not null."],
    ["list_files", { depth: 1.5 }, "list_files: `depth` wants a whole number, not 1.5."],
    ["list_files", { depth: [1] }, "list_files: `depth` wants number, not array."],
    ["list_files", { limit: 9_999 }, "list_files: `limit` wants at most 5000."],
    [
      "write_file",
      { path: "a", content: "", mode: "replace" },
      'write_file: `mode` wants one of "overwrite", "create", "append".',
    ],
    [
      "container_status",
      { verbose: true },
      "container_status: `verbose` is no argument of this operation (it takes none).",
    ],
    ["list_files", [], "list_files: The arguments must be a JSON object."],
    ["list_files", "path", "list_files: The arguments must be a JSON object."],
  ] as [OperationName, unknown, string][])("%s of %j", (name, raw, message) => {
    expect(messageOf(name, raw)).toBe(message);
  });

  it("tells programs each argument by its bare name", () => {
    const raw = { path: "", limit: 1e300, file: "a" };
    expect(() => parse("read_file", raw)).toThrow(
      expect.objectContaining({
        details: {
          issues: [
            { argument: "path", wants: "wants at least 1 character" },
            { argument: "limit", wants: "wants at most 10000" },
            { argument: "file", wants: expect.stringContaining("is no argument") },
          ],
        },
      }),
    );
  });

  it("names every bad argument at once", () => {
    const message = messageOf("run_command", { cwd: 1, timeout_s: 999, shell: "zsh" });
    expect(message).toBe(
      "run_command: `command` is missing (wants string); `cwd` wants string, not number; " +
        "`timeout_s` wants at most 45; `shell` is no argument of this operation " +
        "(it takes command, cwd, env, stdin, timeout_s, background).",
    );
  });

  it("stays short whatever came", () => {
    const raw = Object.fromEntries(
      Array.from({ length: 500 }, (_, index) => ["x".repeat(300) + index, 1]),
    );
    expect(messageOf("list_files", raw).length).toBeLessThanOrEqual(4_000);
  });
});
