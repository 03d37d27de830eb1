import { describe, expect, it } from "vitest";
import { planOf } from "#sandbox/runtime/embedded/shell/plan.ts";
import { isIncomplete } from "#sandbox/runtime/embedded/shell/syntax/fault.ts";
import { bash } from "./shell-box.ts";

describe("malformed input", () => {
  it.each(["}${a[ #", 'ls $(($"', "echo 'open", "if true; then", "echo $(fi)", "a | | b", ")"])(
    "%j is refused as bash refuses it",
    async (line) => {
      const { stderr, stdout, code } = await bash(line);
      expect(stderr).toMatch(/^bash: -c: line \d: (?:syntax error|unexpected EOF)/);
      expect({ stdout, code }).toEqual({ stdout: "", code: 2 });
    },
  );

  it.each([
    "echo 'a",
    "if true; then",
    "f() {",
    "a &&",
    "a |",
    "echo $(ls",
    "cat <<E\nx",
    "a \\",
    "for i in 1",
  ])("asks for more after %j", (line) => expect(isIncomplete(line)).toBe(true));

  it.each(["echo a", "fi", "if true; done", "cat <<E\nx\nE", "echo 'a\\'", "# it's", "echo )"])(
    "asks for nothing after %j",
    (line) => expect(isIncomplete(line)).toBe(false),
  );
});

describe("the arguments of bash", () => {
  it.each<[string[], object]>([
    [
      ["bash", "-c", "echo", "zero", "one"],
      { source: { from: "text", text: "echo" }, name: "zero", args: ["one"] },
    ],
    [["bash", "-ec", "echo"], { options: "e" }],
    [
      ["sh", "-o", "pipefail", "script", "a"],
      { longOptions: ["pipefail"], source: { from: "file", path: "script" }, args: ["a"] },
    ],
    [["bash"], { source: { from: "input" } }],
    [["bash", "-s", "x"], { source: { from: "input" }, args: ["x"] }],
    [["bash", "-i"], { isInteractive: true }],
    [["bash", "--version"], { kind: "version" }],
    [["bash", "--nosuch"], { kind: "refused" }],
    [["bash", "-c"], { kind: "refused" }],
  ])("%j", (argv, plan) => expect(planOf(argv)).toMatchObject(plan));
});
