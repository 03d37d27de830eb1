import { describe, expect, it } from "vitest";
import { findOperation } from "#protocol/registry.ts";
import { getPrompt, prompts } from "#worker/mcp/prompts.ts";

function textOf(name: string, given?: Record<string, string>): string {
  const [message] = getPrompt(name, given).messages;
  return message?.content.type === "text" ? message.content.text : "";
}

/** Words of the prompts that look like operations, and are arguments or states of them. */
const otherWords: ReadonlySet<string> = new Set(["waiting_for_tab", "open_url"]);

describe("the prompts", () => {
  it("are three, each with what a person reads of it", () => {
    expect(prompts.map(({ name }) => name)).toEqual([
      "setup_project",
      "debug_failure",
      "review_changes",
    ]);
    for (const { title, description } of prompts) expect([title, description]).not.toContain("");
  });

  it.each(prompts.map(({ name }) => name))("%s names only operations that there are", (name) => {
    const words = textOf(name, { command: "npm test" }).match(/\b[a-z]+(_[a-z]+)+\b/g) ?? [];
    const unknown = words.filter((word) => !otherWords.has(word) && !findOperation(word));
    expect(unknown).toEqual([]);
    expect(words).toContain("container_status");
  });

  it("hold what they were given, and nothing of what was left empty", () => {
    expect(textOf("setup_project", { project: "a chess clock" })).toContain(": a chess clock\n");
    expect(textOf("setup_project", { project: " " })).toContain("the project that is in");
    expect(textOf("debug_failure", { command: "npm test", output: "1 failed" })).toMatch(
      /npm test\n\nIt said:\n\n1 failed\n/,
    );
    expect(textOf("debug_failure", { command: "npm test" })).not.toContain("It said");
    expect(textOf("review_changes", { focus: "src" })).toContain("above all: src.");
  });

  it.each([
    ["none", {}, "There is no prompt"],
    ["constructor", {}, "There is no prompt"],
    ["debug_failure", {}, "wants the argument command"],
    ["debug_failure", { command: "" }, "wants the argument command"],
    ["setup_project", { project: "x".repeat(20_001) }, "at most 20000 characters"],
  ] as [string, Record<string, string>, string][])("refuse %s %j", (name, given, message) => {
    expect(() => getPrompt(name, given)).toThrow(message);
  });
});
