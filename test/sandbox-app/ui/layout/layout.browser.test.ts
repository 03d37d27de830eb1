import { afterEach, describe, expect, it } from "vitest";
import {
  byRole,
  keyboard,
  type MountedPage,
  mountReady,
  NARROW,
  tick,
} from "../support/mounted-page.ts";

let mounted: MountedPage | undefined;
afterEach(() => mounted?.unmount());

const width = (id: string) => document.getElementById(id)?.getBoundingClientRect().width ?? 0;

describe("the panels", () => {
  it("are resized with keys, and remembered", async () => {
    mounted = await mountReady();
    const before = width("panel-activity");
    (byRole("separator", "Width of Activity").element() as HTMLElement).focus();
    await keyboard("{ArrowRight}{ArrowRight}");
    const { outlineStyle, outlineWidth, outlineOffset } = getComputedStyle(
      byRole("separator", "Width of Activity").element(),
    );
    expect([outlineStyle, outlineWidth, outlineOffset]).toEqual(["solid", "2px", "1px"]);
    expect(width("panel-activity")).toBe(before + 32);
    await keyboard("{Home}");
    expect(width("panel-activity")).toBe(220);
    expect(JSON.parse(localStorage.getItem("disco.layout") ?? "")).toMatchObject({
      sizes: { activity: 220 },
    });
  });

  it("collapse and come back", async () => {
    mounted = await mountReady();
    const button = byRole("button", "Activity panel");
    await expect.element(button).toHaveAttribute("aria-pressed", "true");
    await button.click();
    await expect.element(byRole("heading", "Activity")).not.toBeInTheDocument();
    await button.click();
    await expect.element(byRole("heading", "Activity")).toBeVisible();
  });

  it("are walked with F6", async () => {
    mounted = await mountReady({ "a.txt": "" });
    const now = () => document.activeElement?.closest("section")?.id;
    await keyboard("{F6}");
    expect(now()).toBe("panel-activity");
    await keyboard("{F6}");
    await expect.poll(now).toBe("panel-files");
    await keyboard("{Shift>}{F6}{/Shift}");
    await expect.poll(now).toBe("panel-activity");
  });

  it("are shown one at a time in a narrow window", async () => {
    mounted = await mountReady({ "a.txt": "hello" }, NARROW);
    await expect.element(byRole("heading", "No calls yet")).toBeVisible();
    await expect.element(byRole("treeitem", "a.txt")).not.toBeInTheDocument();
    await byRole("button", "Files").click();
    await expect.element(byRole("button", "Files")).toHaveAttribute("aria-current", "page");
    await byRole("treeitem", "a.txt").click();
    await expect.element(byRole("tab", "a.txt")).toBeVisible();
    await byRole("button", "Back to the tree").click();
    await expect.element(byRole("treeitem", "a.txt")).toBeVisible();
    await byRole("button", "Terminal").click();
    await expect.element(byRole("tab", "Terminal 1")).toBeVisible();
    await tick();
    expect(document.documentElement.scrollWidth).toBe(NARROW.width);
  });
});

describe("colours", () => {
  /** WCAG 2.2, relative luminance and contrast ratio. */
  function luminance(rgb: readonly number[]): number {
    const [r = 0, g = 0, b = 0] = rgb.map((value) => {
      const part = value / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  }

  function token(name: string): readonly number[] {
    const probe = document.createElement("span");
    probe.style.color = `var(--${name})`;
    document.body.append(probe);
    const parts = getComputedStyle(probe).color.match(/\d+/g)?.slice(0, 3).map(Number) ?? [];
    probe.remove();
    return parts;
  }

  function contrast(a: string, b: string): number {
    const [low = 0, high = 0] = [luminance(token(a)), luminance(token(b))].toSorted(
      (x, y) => x - y,
    );
    return (high + 0.05) / (low + 0.05);
  }

  it.each(["light", "dark"])("are readable in %s (WCAG 2.2 AA)", async (theme) => {
    mounted = await mountReady();
    document.documentElement.dataset["theme"] = theme;
    const texts = ["text", "muted", "faint", "accent", "good", "warn", "bad"];
    for (const text of texts) {
      for (const ground of ["canvas", "panel"]) {
        expect(contrast(text, ground), `${text} on ${ground}`).toBeGreaterThanOrEqual(4.5);
      }
    }
    for (const [text, ground] of [
      ["text", "raised"],
      ["muted", "raised"],
      ["text", "warn-soft"],
      ["muted", "warn-soft"],
      ["warn", "warn-soft"],
      ["bad", "bad-soft"],
      ["muted", "bad-soft"],
      ["on-accent", "accent"],
      ["text", "glow"],
    ] as const) {
      expect(contrast(text, ground), `${text} on ${ground}`).toBeGreaterThanOrEqual(4.5);
    }
  });
});
