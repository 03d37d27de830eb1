import { afterEach, describe, expect, it } from "vitest";
import {
  byRole,
  textOf,
  keyboard,
  type MountedPage,
  mountReady,
  tick,
} from "../support/mounted-page.ts";

let mounted: MountedPage | undefined;
afterEach(() => mounted?.unmount());

const dialog = () => byRole("dialog", "Command palette");
const chosen = () => document.querySelector('[role="option"][aria-selected="true"]')?.textContent;

describe("the command palette", () => {
  it("opens with Ctrl-K, filters, runs with Enter, and gives the focus back on Escape", async () => {
    mounted = await mountReady({ "a.txt": "" });
    const before = byRole("treeitem", "a.txt").element() as HTMLElement;
    before.focus();
    await keyboard("{Control>}k{/Control}");
    await expect.element(dialog()).toBeVisible();
    await keyboard("{Escape}");
    await expect.element(dialog()).not.toBeInTheDocument();
    expect(document.activeElement).toBe(before);
    await keyboard("{Control>}k{/Control}");
    await keyboard("theme dark");
    expect(chosen()).toBe("Theme: dark");
    await keyboard("{Enter}");
    await expect.element(dialog()).not.toBeInTheDocument();
    expect(document.documentElement.dataset["theme"]).toBe("dark");
    expect(localStorage.getItem("disco.theme")).toBe("dark");
  });

  it("walks its list with arrows and tells the chosen one to assistive technology", async () => {
    mounted = await mountReady();
    await byRole("button", "Command palette").click();
    const first = chosen();
    await keyboard("{ArrowDown}");
    expect(chosen()).not.toBe(first);
    const input = byRole("combobox", "Command or file");
    const id = input.element().getAttribute("aria-activedescendant") ?? "";
    expect(document.getElementById(id)?.textContent).toBe(chosen());
    await keyboard("{ArrowUp}");
    expect(chosen()).toBe(first);
    await keyboard("qqqq");
    await expect.poll(textOf(dialog())).toMatch("Nothing is called that.");
    await keyboard("{Escape}");
  });

  it("opens a file that is known", async () => {
    mounted = await mountReady({ "notes/today.md": "hi", "readme.md": "" });
    await tick();
    await keyboard("{F1}");
    await keyboard("readme{Enter}");
    await expect.element(byRole("tab", "readme.md")).toHaveAttribute("aria-selected", "true");
  });

  it("offers what helps in the present trouble first", async () => {
    mounted = await mountReady();
    mounted.tab.link({ state: "taken_over" });
    await keyboard("{F1}");
    expect(chosen()).toBe("Run it here");
    await keyboard("{Enter}");
    await expect.poll(() => mounted?.tab.asked).toEqual(["take_back"]);
  });
});
