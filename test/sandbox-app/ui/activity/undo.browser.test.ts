import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Undone } from "#sandbox/tab/page-api.ts";
import { byRole, keyboard, type MountedPage, mountReady, NARROW } from "../support/mounted-page.ts";

let mounted: MountedPage;
afterEach(() => mounted.unmount());

const plan = { restored: ["a.txt"], removed: ["b.txt"], lost: [], isShared: false, skipped: [] };
const done = (change: Partial<Extract<Undone, { state: "done" }>> = {}): Undone => ({
  state: "done",
  restored: ["a.txt"],
  removed: [],
  skipped: [],
  redo: "c_2",
  ...change,
});

const undo = () => byRole("button", "Undo: Wrote a.txt");
const redo = () => byRole("button", "Redo: Wrote a.txt");
const note = (words: RegExp) => byRole("group", words);
const live = () => document.querySelector('#panel-activity [aria-live="polite"]')?.textContent;

async function mountChange(size?: typeof NARROW): Promise<void> {
  mounted = await mountReady({}, size);
  mounted.tab.call("read_file", "Read x.txt").done({ total_lines: 1 });
  mounted.tab.call("write_file", "Wrote a.txt", { path: "a.txt" }).done({ bytes: 3 }, "c_1");
  await expect.element(undo()).toBeVisible();
}

describe("taking a call back", () => {
  beforeEach(() => mountChange());

  it("is offered for what has left a checkpoint, and for nothing else", async () => {
    mounted.tab.call("run_command", "Ran npm test").done({ exit_code: 0 });
    await expect.element(byRole("button", /Ran npm test/)).toBeVisible();
    expect(byRole("button", /^Undo/).all()).toHaveLength(1);
  });

  it("says what it has done, and is taken back in turn, from the keyboard", async () => {
    (undo().element() as HTMLElement).focus();
    await keyboard("{Enter}");
    await expect.element(undo()).toHaveAttribute("aria-disabled", "true");
    await keyboard("{Enter}");
    expect(mounted.tab.undos).toEqual([{ checkpoint: "c_1", agreed: null }]);
    mounted.tab.answerUndo(done({ removed: ["b.txt"] }));
    await expect.element(note(/^Undone: 1 path restored, 1 path removed\.$/)).toBeVisible();
    expect(live()).toBe("Undone: 1 path restored, 1 path removed.");
    await expect.element(redo()).toHaveFocus();
    await keyboard("{Enter}");
    expect(mounted.tab.undos.at(-1)).toEqual({ checkpoint: "c_2", agreed: null });
    mounted.tab.answerUndo(done({ redo: "c_3" }));
    await expect.element(note(/^Redone/)).toBeVisible();
    await expect.element(undo()).toBeVisible();
    await byRole("button", "Dismiss").click();
    await expect.element(note(/^Redone/)).not.toBeInTheDocument();
  });

  it("asks before later changes are lost, names them, and keeps to what was agreed", async () => {
    await undo().click();
    const skipped = [{ path: "dir", why: "in_the_way" }] as const;
    mounted.tab.answerUndo({ state: "asks", plan: { ...plan, lost: ["a.txt"], skipped } });
    const question = note(/^Undo this\? 1 file was changed again since, which would be lost\.$/);
    await expect.element(question).toHaveFocus();
    const text = question.element().textContent;
    expect(text).toMatch(/and lost\s*a\.txt.*as before\s*a\.txt.*removed\s*b\.txt/);
    expect(text).toContain("dir (something else is in the way)");
    await keyboard("{Escape}");
    await expect.element(question).not.toBeInTheDocument();
    await expect.element(undo()).toHaveFocus();
    expect(mounted.tab.undos).toHaveLength(1);

    await keyboard("{Enter}");
    mounted.tab.answerUndo({ state: "asks", plan: { ...plan, lost: ["a.txt"] } });
    await byRole("button", "Undo anyway").click();
    expect(mounted.tab.undos.at(-1)).toEqual({ checkpoint: "c_1", agreed: { lost: ["a.txt"] } });
    mounted.tab.answerUndo(done());
    await expect.element(redo()).toHaveFocus();
  });

  it("explains that the checkpoint is gone, and offers nothing more", async () => {
    await undo().click();
    mounted.tab.answerUndo({ state: "dropped" });
    await expect.element(note(/its checkpoint made room for newer ones/)).toBeVisible();
    await expect.element(byRole("button", /^Undo/)).not.toBeInTheDocument();
  });

  it("tells why it failed, as text, and may be tried again", async () => {
    await undo().click();
    mounted.tab.answerUndo({ state: "failed", message: "<b>full</b>\u202E", redo: null });
    await expect.element(note(/<b>full<\/b>‹U\+202E›/)).toBeVisible();
    expect(mounted.root.querySelector("#panel-activity b")).toBeNull();
    await undo().click();
    expect(mounted.tab.undos).toHaveLength(2);
  });

  it("is in the palette, for the latest change", async () => {
    await keyboard("{F1}");
    await keyboard("undo{Enter}");
    expect(mounted.tab.undos).toEqual([{ checkpoint: "c_1", agreed: null }]);
    mounted.tab.answerUndo(done());
    await expect.element(redo()).toBeVisible();
    await keyboard("{F1}");
    await keyboard("undo");
    await expect.element(byRole("option", /Undo/)).not.toBeInTheDocument();
  });

  it("names some of very many paths, and counts the others", async () => {
    await undo().click();
    const restored = Array.from({ length: 500 }, (_, index) => `src/file-${index}.ts`);
    mounted.tab.answerUndo(done({ restored }));
    const told = note(/^Undone: 500 paths restored\.$/);
    await expect.element(told).toBeVisible();
    expect(told.element().textContent).toContain("and 492 more");
    expect(told.element().textContent).not.toContain("file-9.ts");
  });
});

it("fits a narrow window", async () => {
  await mountChange(NARROW);
  await undo().click();
  const long = `${"deep/".repeat(60)}file.txt`;
  mounted.tab.answerUndo({ state: "asks", plan: { ...plan, lost: [long], restored: [long] } });
  const button = byRole("button", "Undo anyway");
  await expect.element(button).toBeVisible();
  expect(button.element().getBoundingClientRect().right).toBeLessThan(NARROW.width);
  expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(NARROW.width);
});
