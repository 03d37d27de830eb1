import { userEvent } from "vitest/browser";
import { afterEach, describe, expect, it } from "vitest";
import { byRole, type MountedPage, mountReady, textOf } from "../support/mounted-page.ts";

let mounted: MountedPage | undefined;
afterEach(() => mounted?.unmount());

const restored = {
  files: 2_804,
  bytes: 3 * 1024 * 1024,
  tookMs: 41.4,
  savedAt: Date.now() - 120_000,
  damage: null,
  isWithoutModules: false,
};

async function open(page: MountedPage): Promise<void> {
  page.tab.scriptedStorage.restore(restored);
  page.tab.scriptedStorage.say({ state: "saved", at: Date.now() });
  await byRole("button", "Storage: Saved").click();
}

describe("the page's storage", () => {
  it("shows what came back among the calls, calmly, and how much room is used", async () => {
    mounted = await mountReady();
    mounted.tab.scriptedStorage.restore(restored);
    mounted.tab.scriptedStorage.say({ state: "saved", at: Date.now() });
    const row = byRole("button", /^Restored 2,804 files/);
    await expect.poll(textOf(row)).toMatch(/41 ms.*3\.0 MB.*saved 2 min ago/);
    await expect.element(byRole("button", "Storage: Saved, 3.0 MB used")).toBeVisible();
    mounted.tab.call("run_command", "Ran ls");
    await expect.element(byRole("list", "Calls, newest first")).toBeVisible();
    await row.click();
    await expect.element(byRole("dialog", "Storage")).toBeVisible();
  });

  it("says among the calls what was given up", async () => {
    mounted = await mountReady();
    const damage = "Files below node_modules could not be read.";
    mounted.tab.scriptedStorage.restore({ ...restored, damage, isWithoutModules: true });
    await expect.poll(textOf(byRole("button", /^Restored/))).toMatch(/without node_modules/);
  });

  it("says nothing of a restore where nothing was kept", async () => {
    mounted = await mountReady();
    mounted.tab.scriptedStorage.restore({ ...restored, files: 0, bytes: 0, savedAt: 0 });
    mounted.tab.scriptedStorage.say({ state: "saved", at: 0 });
    await expect.element(byRole("button", /^Storage: Saved/)).toBeVisible();
    await expect.element(byRole("button", /^Restored/)).not.toBeInTheDocument();
  });

  it("says what came back, what is used, and that all is saved", async () => {
    mounted = await mountReady();
    await open(mounted);
    const dialog = textOf(byRole("dialog", "Storage"));
    await expect.poll(dialog).toMatch(/2,804 files \(3\.0 MB\) came back in 41 ms/);
    await expect.poll(dialog).toMatch(/3\.0 MB used of 1\.0 GB/);
    await expect.poll(dialog).toMatch(/Saved now/);
  });

  it("asks the browser once to keep the files, when the person first does something", async () => {
    mounted = await mountReady();
    await open(mounted);
    await expect.poll(() => mounted?.tab.scriptedStorage.asked).toEqual(["persist"]);
    await expect
      .poll(textOf(byRole("dialog", "Storage")))
      .toMatch(/promised not to delete the files/);
    await byRole("button", "Close").click();
    expect(mounted.tab.scriptedStorage.asked).toEqual(["persist"]);
  });

  it("warns for as long as nothing is saved, and goes on", async () => {
    mounted = await mountReady();
    mounted.tab.scriptedStorage.restore(restored);
    mounted.tab.scriptedStorage.say({ state: "full" });
    await expect.poll(textOf(byRole("alert"))).toMatch(/no more room.*not saved/);
    await expect.element(byRole("button", "Storage: Not saved")).toBeVisible();
    mounted.tab.scriptedStorage.say({ state: "saved", at: Date.now() });
    await expect.element(byRole("alert")).not.toBeInTheDocument();
  });

  it("tells of damage until it was read", async () => {
    mounted = await mountReady();
    mounted.tab.scriptedStorage.restore({
      ...restored,
      damage: "The last changes could not be read; all before them is here.",
      isWithoutModules: true,
    });
    await expect.poll(textOf(byRole("alert"))).toMatch(/last changes.*npm install again/);
    await byRole("button", "Dismiss").click();
    await expect.element(byRole("alert")).not.toBeInTheDocument();
  });

  it("exports, imports, and says what was refused", async () => {
    mounted = await mountReady();
    await open(mounted);
    const { scriptedStorage } = mounted.tab;
    const said = textOf(byRole("dialog", "Storage"));
    await byRole("button", "Export as zip").click();
    await expect.poll(said).toMatch(/Exported 3 B/);
    const input = document.querySelector<HTMLInputElement>('input[type="file"]');
    if (input === null) throw new Error("no file input");
    await userEvent.upload(input, new File(["12345"], "a.zip"));
    await expect.poll(said).toMatch(/Imported 2 files \(2\.0 KB\)/);
    scriptedStorage.failure = new Error("The zip holds a path that is refused: ../x");
    await userEvent.upload(input, new File(["1"], "b.zip"));
    await expect.poll(said).toMatch(/refused: \.\.\/x/);
    expect(scriptedStorage.asked.filter((what) => what !== "persist")).toEqual([
      "export",
      "import 5",
      "import 1",
    ]);
  });

  it("deletes everything only when asked twice", async () => {
    mounted = await mountReady();
    await open(mounted);
    await byRole("button", "Reset …").click();
    await expect.poll(textOf(byRole("alert"))).toMatch(/deletes all files/);
    await byRole("button", "Keep them").click();
    await expect.element(byRole("button", "Reset …")).toBeVisible();
    expect(mounted.tab.scriptedStorage.asked).not.toContain("reset");
  });
});
