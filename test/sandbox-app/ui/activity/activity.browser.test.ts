import { afterEach, describe, expect, it } from "vitest";
import { userEvent } from "vitest/browser";
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

const row = (name: RegExp) => byRole("button", name);
const live = () => document.querySelector('#panel-activity [aria-live="polite"]')?.textContent;

describe("the activity list", () => {
  it("shows a call at once, with its time, output and outcome", async () => {
    mounted = await mountReady();
    const call = mounted.tab.call("run_command", "Ran npm test", { command: "npm test" }, "Claude");
    await expect.element(row(/Ran npm test.*Claude.*running/)).toBeVisible();
    expect(live()).toBe("Claude: Ran npm test");
    expect(document.title).toBe("1 running · my-container · Disco");
    await expect.poll(textOf(byRole("list", "Clients seen"))).toMatch(/Claude\s*working/);
    call.output("building\n\u001b[32mstill building\u001b[0m");
    await expect.element(row(/still building/)).toBeVisible();
    call.done({ status: "exited", exit_code: 3, stdout: "", stderr: "" });
    await expect.element(row(/Ran npm test.*exit 3/)).toBeVisible();
    expect(live()).toBe("Failed: Ran npm test, exit 3");
    expect(document.title).toBe("my-container · Disco");
  });

  it("opens a call's details from the keyboard, and walks the rows with arrows", async () => {
    mounted = await mountReady();
    mounted.tab.call("read_file", "Read a.txt", { path: "a.txt" }).failed({
      code: "file_not_found",
      message: "There is no a.txt",
    });
    mounted.tab.call("list_files", "Listed src", { path: "src" }).done({ entries: [], total: 0 });
    await tick();
    const first = row(/Listed src/).element() as HTMLElement;
    first.focus();
    await keyboard("{ArrowDown}{Enter}");
    const second = row(/Could not read a.txt/);
    await expect.element(second).toHaveAttribute("aria-expanded", "true");
    expect(document.activeElement).toBe(second.element());
    const details = document.getElementById(second.element().getAttribute("aria-controls") ?? "");
    expect(details?.textContent).toContain("Call list_files to see what exists.");
    await keyboard("{Enter}{Home}");
    await expect.element(second).toHaveAttribute("aria-expanded", "false");
    expect(document.activeElement).toBe(first);
  });

  it("shows hostile text as text: no elements, no controls, no bidi", async () => {
    mounted = await mountReady({ "evil\u202Egpj.exe": "" });
    const hostile = `<img src=x onerror="globalThis.pwned=1">\u202Egnp\u001b[31m`;
    mounted.tab
      .call(
        "run_command",
        `Ran ${hostile}`,
        { command: hostile, "<b>k</b>": 1 },
        `<i>${hostile}</i>`,
      )
      .output(hostile);
    await tick();
    const button = document.querySelector<HTMLElement>("[data-activity-row]");
    await userEvent.click(button ?? document.body);
    await tick();
    expect(mounted.root.querySelector("img, b, i")).toBeNull();
    expect("pwned" in globalThis).toBe(false);
    expect(mounted.root.textContent).toContain("‹U+202E›gnp");
    expect(mounted.root.textContent).toContain("‹ESC›[31m");
    await expect.element(byRole("treeitem", "evil‹U+202E›gpj.exe")).toBeVisible();
    expect(mounted.root.textContent).not.toMatch(/\p{Bidi_Control}|[^\P{Cc}\n]/u);
    expect(document.title).not.toMatch(/\p{Bidi_Control}|[^\P{Cc}\n]/u);
  });

  it("clears finished calls, and keeps those that run", async () => {
    mounted = await mountReady();
    mounted.tab.call("list_files", "Listed .", {}).done({ entries: [], total: 0 });
    mounted.tab.call("run_command", "Ran sleep 9", {});
    await byRole("button", "Clear finished calls").click();
    await expect.element(row(/Listed/)).not.toBeInTheDocument();
    await expect.element(row(/sleep 9/)).toBeVisible();
  });
});
