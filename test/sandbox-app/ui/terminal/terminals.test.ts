import { describe, expect, it } from "vitest";
import { allowedLink } from "#sandbox/ui/terminal/limits.ts";
import {
  noTerminals,
  tabByKey,
  TERMINALS_MAX,
  withLife,
  withNewTerminal,
  withoutTerminal,
} from "#sandbox/ui/terminal/terminals.ts";

describe("terminals", () => {
  it("take the lowest free number and are shown", () => {
    const three = withNewTerminal(withNewTerminal(withNewTerminal(noTerminals)));
    const again = withNewTerminal(withoutTerminal(three, 2));
    expect(again.tabs.map(({ title }) => title)).toEqual([
      "Terminal 1",
      "Terminal 3",
      "Terminal 2",
    ]);
    expect(again.active).toBe(2);
  });

  it("are bounded", () => {
    let terminals = noTerminals;
    for (let n = 0; n < TERMINALS_MAX + 3; n += 1) terminals = withNewTerminal(terminals);
    expect(terminals.tabs).toHaveLength(TERMINALS_MAX);
  });

  it("show the neighbour when one is closed", () => {
    const two = withNewTerminal(withNewTerminal(noTerminals));
    expect(withoutTerminal(two, 2).active).toBe(1);
    expect(withoutTerminal(two, 1).active).toBe(2);
    expect(withoutTerminal(withoutTerminal(two, 1), 2).active).toBeNull();
  });

  it("remember how their shell ended", () => {
    const one = withNewTerminal(noTerminals);
    const life = { state: "ended", words: "Shell ended with exit code 0" } as const;
    expect(withLife(one, 1, life).tabs[0]?.life).toEqual(life);
  });

  it("are walked with keys, round and round", () => {
    expect(tabByKey([1, 2, 3], 3, "ArrowRight")).toBe(1);
    expect(tabByKey([1, 2, 3], 1, "ArrowLeft")).toBe(3);
    expect(tabByKey([1, 2, 3], 2, "Home")).toBe(1);
    expect(tabByKey([1, 2, 3], 2, "End")).toBe(3);
    expect(tabByKey([1, 2, 3], 2, "x")).toBeNull();
    expect(tabByKey([], 2, "End")).toBeNull();
  });
});

describe("links in a terminal", () => {
  it("open only over http and https", () => {
    expect(allowedLink("https://example.com/a?b")).toBe("https://example.com/a?b");
    expect(allowedLink("http://localhost:5173")).toBe("http://localhost:5173/");
    for (const uri of [
      "javascript:alert(1)",
      "file:///etc/passwd",
      "data:text/html,x",
      "nonsense",
    ]) {
      expect(allowedLink(uri)).toBeNull();
    }
  });
});
