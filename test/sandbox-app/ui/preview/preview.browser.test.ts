import { afterEach, describe, expect, it } from "vitest";
import {
  byRole,
  keyboard,
  type MountedPage,
  mountReady,
  NARROW,
  textOf,
} from "../support/mounted-page.ts";

let mounted: MountedPage;
afterEach(() => mounted.unmount());

const region = () => byRole("region", "Preview");
const portTab = (name: RegExp) => byRole("tab", name);

describe("the preview panel", () => {
  it("is there when a program listens, and not before", async () => {
    mounted = await mountReady();
    expect(region().query()).toBeNull();
    expect(byRole("button", "Preview panel").query()).toBeNull();
    mounted.tab.memory.tellPort("opened", 5_173);
    await expect.element(region()).toBeVisible();
    await expect
      .element(portTab(/^Port 5173, node server\.js \(pid 12\)$/))
      .toHaveAttribute("aria-selected", "true");
    await expect.element(byRole("textbox", "Path on port 5173")).toHaveValue("/");
    await expect
      .element(byRole("link", "Open preview in a new tab"))
      .toHaveAttribute("href", "http://p5173.localhost:8787/");
  });

  it("says that a program has ended, and closes then", async () => {
    mounted = await mountReady();
    mounted.tab.memory.tellPort("opened", 5_173);
    mounted.tab.memory.tellPort("closed", 5_173);
    await expect.poll(textOf(region())).toContain("The program on port 5173 has ended.");
    await region().getByRole("button", { name: "Close" }).click();
    await expect.poll(() => region().query()).toBeNull();
  });

  it("goes from port to port with the keyboard", async () => {
    mounted = await mountReady();
    mounted.tab.memory.tellPort("opened", 5_173);
    mounted.tab.memory.tellPort("opened", 3_000);
    await expect.element(portTab(/5173/)).toHaveAttribute("aria-selected", "true");
    (portTab(/5173/).element() as HTMLElement).focus();
    await keyboard("{ArrowRight}");
    await expect.element(portTab(/3000/)).toHaveFocus();
    await expect.element(portTab(/3000/)).toHaveAttribute("aria-selected", "true");
  });

  it("stays hidden once the person has hidden it, and comes back when asked", async () => {
    mounted = await mountReady();
    mounted.tab.memory.tellPort("opened", 5_173);
    await byRole("button", "Hide Preview").click();
    await expect.poll(() => region().query()).toBeNull();
    mounted.tab.memory.tellPort("opened", 3_000);
    await expect.poll(() => region().query()).toBeNull();
    await byRole("button", "Preview panel").click();
    await expect.element(region()).toBeVisible();
  });

  it("is the fourth panel of a narrow window", async () => {
    mounted = await mountReady({}, NARROW);
    const panels = byRole("navigation", "Panels");
    expect(panels.getByRole("button").all()).toHaveLength(3);
    mounted.tab.memory.tellPort("opened", 5_173);
    await panels.getByRole("button", { name: "Preview" }).click();
    await expect.element(region()).toBeVisible();
    expect(panels.getByRole("button").all()).toHaveLength(4);
  });
});
