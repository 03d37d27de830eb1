import { afterEach, describe, expect, it, vi } from "vitest";
import { ROOT } from "../support/memory-runtime.ts";
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
afterEach(() => {
  mounted?.unmount();
  vi.restoreAllMocks();
});

const FILES = {
  "src/app.ts": "const a = 1;\n",
  "src/lib/b.ts": "",
  "README.md": "# Hi\r\nyou\r\n",
};
const item = (name: string) => byRole("treeitem", name);
const editor = () => document.querySelector<HTMLElement>(".cm-content");
const text = () =>
  [...(editor()?.querySelectorAll(".cm-line") ?? [])].map((line) => line.textContent).join("\n");

async function read(path: string): Promise<string> {
  const bytes = await mounted?.tab.memory.files.read(`${ROOT}/${path}`);
  return new TextDecoder().decode(bytes);
}

async function write(path: string, content: string): Promise<void> {
  await mounted?.tab.memory.files.write(`${ROOT}/${path}`, new TextEncoder().encode(content));
}

async function openReadme(): Promise<void> {
  await item("README.md").click();
  await until(() => expect(text()).toBe("# Hi\nyou\n"));
}

describe("the tree", () => {
  it("lists a directory when it is opened, by keys alone", async () => {
    mounted = await mountReady(FILES);
    await expect.element(item("src")).toHaveAttribute("aria-expanded", "false");
    (item("src").element() as HTMLElement).focus();
    await keyboard("{ArrowRight}");
    await expect.element(item("lib")).toHaveAttribute("aria-level", "2");
    await keyboard("{ArrowRight}{ArrowDown}");
    expect(document.activeElement).toBe(item("app.ts").element());
    expect(document.querySelectorAll('[role="treeitem"][tabindex="0"]')).toHaveLength(1);
    await keyboard("{Enter}");
    await until(() => expect(text()).toBe("const a = 1;\n"));
    await expect.element(byRole("tab", "app.ts")).toHaveAttribute("aria-selected", "true");
  });

  it("follows the workspace as it changes", async () => {
    mounted = await mountReady(FILES);
    await write("new.txt", "");
    await expect.element(item("new.txt")).toBeVisible();
    await mounted.tab.memory.files.remove(`${ROOT}/src`, { recursive: true });
    await expect.element(item("src")).not.toBeInTheDocument();
  });
});

describe("the editor", () => {
  it("saves with Ctrl-S, byte for byte but for what was typed", async () => {
    mounted = await mountReady(FILES);
    await openReadme();
    editor()?.focus();
    await keyboard("X");
    await expect.element(byRole("tab", /README.md.*not saved/)).toBeVisible();
    await keyboard("{Control>}s{/Control}");
    await expect.element(byRole("tab", "README.md")).toBeVisible();
    expect(await read("README.md")).toBe("X# Hi\r\nyou\r\n");
    await keyboard("{Control>}z{/Control}");
    expect(text()).toBe("# Hi\nyou\n");
    await keyboard("{Control>}y{/Control}");
    expect(text()).toBe("X# Hi\nyou\n");
  });

  it("follows a change of another while it is clean, and lets it glow", async () => {
    mounted = await mountReady(FILES);
    await openReadme();
    await write("README.md", "# Hi\r\nthere\r\nyou\r\n");
    await until(() => expect(text()).toBe("# Hi\nthere\nyou\n"));
    const glowing = [...document.querySelectorAll(".cm-glow")].map((line) => line.textContent);
    expect(glowing).toEqual(["there"]);
    await until(() => expect(document.querySelector(".cm-glow")).toBeNull());
  });

  it("asks when another changes what the person is editing", async () => {
    mounted = await mountReady(FILES);
    await openReadme();
    editor()?.focus();
    await keyboard("X");
    await write("README.md", "theirs\n");
    await expect.poll(textOf(byRole("alert"))).toMatch(/changed while you edited/);
    expect(text()).toBe("X# Hi\nyou\n");
    await byRole("button", "Load theirs").click();
    await until(() => expect(text()).toBe("theirs\n"));
    await expect.element(byRole("alert")).not.toBeInTheDocument();
  });

  it("keeps the person's text when asked, and saves it over the other", async () => {
    mounted = await mountReady(FILES);
    await openReadme();
    editor()?.focus();
    await keyboard("X");
    await write("README.md", "theirs\n");
    await byRole("button", "Keep mine").click();
    await byRole("button", "Save").click();
    await until(async () => expect(await read("README.md")).toBe("X# Hi\r\nyou\r\n"));
  });

  it("keeps the text of a file that was deleted", async () => {
    mounted = await mountReady(FILES);
    await openReadme();
    await mounted.tab.memory.files.remove(`${ROOT}/README.md`);
    await expect.poll(textOf(byRole("alert"))).toMatch(/was deleted/);
    expect(text()).toBe("# Hi\nyou\n");
  });

  it("does not open bytes as text", async () => {
    mounted = await mountReady({ "logo.bin": "\0\u0001" });
    await item("logo.bin").click();
    await expect.poll(textOf(byRole("tabpanel", "Editor"))).toMatch(/not text \(2 B\)/);
  });

  it("says why a file cannot be opened", async () => {
    mounted = await mountReady(FILES);
    vi.spyOn(mounted.tab.memory.files, "read").mockRejectedValueOnce(new Error("EACCES: denied"));
    await item("README.md").click();
    await expect.poll(textOf(byRole("alert"))).toMatch(/Could not open .*EACCES/);
  });
});

describe("following calls", () => {
  async function edit(path: string, content: string): Promise<void> {
    const call = mounted?.tab.call("write_file", `Wrote ${path}`, { path, content });
    await tick();
    await write(path, content);
    call?.done({ path, bytes: content.length, created: false, hash: "" });
  }

  it("opens the file that a call edits, and lets its change glow", async () => {
    mounted = await mountReady(FILES);
    await edit("src/app.ts", "const a = 1;\nconst b = 2;\n");
    await until(() => expect(text()).toBe("const a = 1;\nconst b = 2;\n"));
    const glowing = [...document.querySelectorAll(".cm-glow")].map((line) => line.textContent);
    expect(glowing).toEqual(["const b = 2;"]);
    await expect.element(item("app.ts")).toBeVisible();
  });

  it("leaves the editor alone while the person types, or when told so", async () => {
    mounted = await mountReady(FILES);
    await openReadme();
    editor()?.focus();
    await keyboard("X");
    await edit("src/app.ts", "let c;\n");
    await tick();
    await expect.element(byRole("tab", "app.ts")).not.toBeInTheDocument();
    mounted.unmount();
    mounted = await mountReady(FILES);
    await byRole("button", "Follow calls").click();
    await edit("src/app.ts", "let c;\n");
    await tick();
    await expect.element(byRole("tab", "app.ts")).not.toBeInTheDocument();
  });
});
