import { describe, expect, it } from "vitest";
import {
  initialLayout,
  KEY_STEP_PX,
  parseLayout,
  SIZES,
  sizeByKey,
  withCollapsed,
  withSize,
} from "#sandbox/ui/layout/layout.ts";
import { isDark, nextTheme, parseTheme } from "#sandbox/ui/theme/theme.ts";

describe("the remembered layout", () => {
  it("comes back as it was", () => {
    const layout = withCollapsed(withSize(initialLayout, "tree", 300, 1_000), "terminal", true);
    expect(parseLayout(JSON.stringify(layout))).toEqual(layout);
  });

  it.each([[null], ["no json"], ["[]"], ["null"], ['"x"'], ["7"]])(
    "starts afresh from %j",
    (stored) => {
      expect(parseLayout(stored)).toEqual(initialLayout);
    },
  );

  it("keeps what is right when a part is wrong", () => {
    const stored = JSON.stringify({
      sizes: { activity: 400, tree: -3, terminal: "tall" },
      collapsed: { tree: true, activity: 1 },
      shown: "elsewhere",
    });
    expect(parseLayout(stored)).toEqual({
      sizes: {
        activity: 400,
        tree: SIZES.tree.initial,
        terminal: SIZES.terminal.initial,
        preview: SIZES.preview.initial,
      },
      collapsed: { activity: false, tree: true, terminal: false, preview: false },
      shown: "activity",
    });
  });

  it("keeps a panel within its limits and the room there is", () => {
    expect(withSize(initialLayout, "activity", 10, 2_000).sizes.activity).toBe(220);
    expect(withSize(initialLayout, "activity", 5_000, 2_000).sizes.activity).toBe(720);
    expect(withSize(initialLayout, "activity", 700, 800).sizes.activity).toBe(600);
    expect(withSize(initialLayout, "activity", 700, 100).sizes.activity).toBe(220);
  });

  it("is resized by keys in the direction of the splitter", () => {
    expect(sizeByKey("tree", 200, "ArrowRight")).toBe(200 + KEY_STEP_PX);
    expect(sizeByKey("tree", 200, "ArrowUp")).toBeNull();
    expect(sizeByKey("terminal", 200, "ArrowUp")).toBe(200 + KEY_STEP_PX);
    expect(sizeByKey("terminal", 200, "ArrowDown")).toBe(200 - KEY_STEP_PX);
    expect(sizeByKey("preview", 300, "ArrowLeft")).toBe(300 + KEY_STEP_PX);
    expect(sizeByKey("tree", 200, "Home")).toBe(SIZES.tree.min);
    expect(sizeByKey("tree", 200, "End")).toBe(SIZES.tree.max);
  });
});

describe("the theme", () => {
  it("follows the system until the person chooses", () => {
    expect(parseTheme(null)).toBe("system");
    expect(parseTheme("purple")).toBe("system");
    expect(isDark("system", true)).toBe(true);
    expect(isDark("light", true)).toBe(false);
    expect(isDark("dark", false)).toBe(true);
  });

  it("goes round", () => {
    expect(nextTheme("system")).toBe("light");
    expect(nextTheme("dark")).toBe("system");
  });
});
