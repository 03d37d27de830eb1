import { afterEach, describe, expect, it, vi } from "vitest";
import { useTerminals } from "#sandbox/ui/terminal/terminals-store.ts";
import type { PlayedShell } from "../support/memory-runtime.ts";
import {
  byRole,
  textOf,
  keyboard,
  type MountedPage,
  mountReady,
  tick,
} from "../support/mounted-page.ts";
import { until } from "#test/support/until.ts";

let mounted: MountedPage | undefined;
afterEach(() => mounted?.unmount());

const screen = () => document.querySelector(".xterm-rows")?.textContent ?? "";

async function shell(index = 0): Promise<PlayedShell> {
  await until(() => expect(mounted?.tab.memory.shells[index]).toBeDefined());
  const played = mounted?.tab.memory.shells[index];
  if (!played) throw new Error("There is no such shell.");
  return played;
}

async function focusTerminal(): Promise<void> {
  document.querySelector<HTMLElement>(".xterm-helper-textarea")?.focus();
  await tick();
}

describe("the terminal", () => {
  it("starts a shell of the panel's size and carries bytes both ways", async () => {
    mounted = await mountReady();
    const played = await shell();
    expect(played.size().columns).toBeGreaterThan(40);
    played.say("hello $ ");
    await until(() => expect(screen()).toContain("hello $"));
    await focusTerminal();
    await keyboard("ls{Enter}");
    await until(() => expect(played.typed()).toBe("ls\r"));
  });

  it("tells the shell its new size when the panel is resized", async () => {
    mounted = await mountReady();
    const played = await shell();
    await tick();
    const rows = played.size().rows;
    (byRole("separator", "Height of Terminal").element() as HTMLElement).focus();
    await keyboard("{ArrowUp}{ArrowUp}{ArrowUp}{ArrowUp}");
    await until(() => expect(played.size().rows).toBeGreaterThan(rows));
  });

  it("has several terminals, by keys too, and ends a shell with its tab", async () => {
    mounted = await mountReady();
    await shell();
    await byRole("button", "New terminal").click();
    const second = await shell(1);
    await expect.element(byRole("tab", "Terminal 2")).toHaveAttribute("aria-selected", "true");
    (byRole("tab", "Terminal 2").element() as HTMLElement).focus();
    await keyboard("{ArrowLeft}");
    await expect.element(byRole("tab", "Terminal 1")).toHaveAttribute("aria-selected", "true");
    expect(document.activeElement).toBe(byRole("tab", "Terminal 1").element());
    await byRole("button", "Close Terminal 2").click();
    await expect.element(byRole("tab", "Terminal 2")).not.toBeInTheDocument();
    expect(second.killed()).toBe(true);
  });

  it("puts the keyboard into a terminal that was just opened", async () => {
    mounted = await mountReady();
    await shell();
    await byRole("button", "New terminal").click();
    const second = await shell(1);
    await keyboard("ls{Enter}");
    await until(() => expect(second.typed()).toBe("ls\r"));
  });

  it("says how a shell ended", async () => {
    mounted = await mountReady();
    (await shell()).end({ code: 3, signal: null });
    await expect
      .poll(textOf(byRole("tabpanel", "Terminal 1")))
      .toMatch(/Shell ended with exit code 3/);
  });

  it("starts a new shell with Enter when one has ended", async () => {
    mounted = await mountReady();
    (await shell()).end({ code: 0, signal: null });
    await expect.poll(textOf(byRole("tabpanel", "Terminal 1"))).toMatch(/Press Enter/);
    byRole("tabpanel", "Terminal 1").element().focus();
    await keyboard("x{Enter}");
    const second = await shell(1);
    await expect.poll(textOf(byRole("tabpanel", "Terminal 1"))).not.toMatch(/Press Enter/);
    await keyboard("ls{Enter}");
    await until(() => expect(second.typed()).toBe("ls\r"));
  });

  it("answers no query and obeys no escape that reaches beyond the screen", async () => {
    mounted = await mountReady();
    const played = await shell();
    const title = document.title;
    const written = vi.spyOn(navigator.clipboard, "writeText").mockResolvedValue();
    const queries = [
      "[c",
      "[>c",
      "[5n",
      "[6n",
      "[?6n",
      "[18t",
      "[?1$p",
      "]10;?\u0007",
      "]11;?\u0007",
      "]4;1;?\u0007",
    ];
    played.say(queries.map((query) => `\u001b${query}`).join(""));
    played.say(
      "\u001bP$qm\u001b\\\u001b]0;owned\u0007\u001b]2;owned\u0007\u001b]52;c;aGk=\u0007done",
    );
    await until(() => expect(screen()).toContain("done"));
    await tick();
    expect(played.typed()).toBe("");
    expect(document.title).toBe(title);
    expect(written).not.toHaveBeenCalled();
    written.mockRestore();
  });

  it("shows a link whole before it opens, and opens nothing by itself", async () => {
    mounted = await mountReady();
    const opened = vi.spyOn(window, "open").mockReturnValue(null);
    useTerminals(mounted.pinia).link = "https://example.com/\u202ea";
    await expect
      .poll(textOf(byRole("dialog", "Open this link?")))
      .toMatch("https://example.com/‹U+202E›a");
    await byRole("button", "Cancel").click();
    expect(opened).not.toHaveBeenCalled();
    useTerminals(mounted.pinia).link = "https://example.com/";
    await byRole("button", "Open in a new tab").click();
    expect(opened).toHaveBeenCalledWith("https://example.com/", "_blank", "noopener,noreferrer");
    opened.mockRestore();
  });

  it("does not catch the keyboard: F6 and F1 belong to the page, Ctrl-K to the shell", async () => {
    mounted = await mountReady();
    const played = await shell();
    const commands = byRole("button", "Command palette");
    await expect.poll(textOf(commands)).toMatch(/Ctrl.K/);
    await focusTerminal();
    await expect.poll(textOf(commands)).toMatch(/F1/);
    const { activeElement } = document;
    const told = document.getElementById(activeElement?.getAttribute("aria-describedby") ?? "");
    expect(told?.textContent).toContain("F6 leaves the terminal");
    await keyboard("{Control>}k{/Control}");
    await until(() => expect(played.typed()).toBe("\u000b"));
    await expect.element(byRole("dialog", "Command palette")).not.toBeInTheDocument();
    await keyboard("{F6}");
    expect(document.activeElement?.closest("#panel-activity")).not.toBeNull();
    await expect.poll(textOf(commands)).toMatch(/Ctrl.K/);
    await focusTerminal();
    await keyboard("{F1}");
    await expect.element(byRole("dialog", "Command palette")).toBeVisible();
  });
});
