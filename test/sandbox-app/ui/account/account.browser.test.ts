import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { userEvent } from "vitest/browser";
import { byRole, keyboard, type MountedPage, mountReady, textOf } from "../support/mounted-page.ts";

let mounted: MountedPage | undefined;
beforeEach(async () => {
  mounted = await mountReady();
});
afterEach(() => mounted?.unmount());

const scripted = () => mounted!.tab.scriptedAccount;
const dialog = () => byRole("dialog", "Account");

async function open(): Promise<void> {
  await byRole("button", "Account and clients").click();
  await expect.poll(textOf(dialog())).toMatch(/Signed in as/);
}

describe("the account", () => {
  it("says who is signed in, and which client works on which container", async () => {
    await open();
    await expect.poll(textOf(dialog())).toMatch(/Signed in as Ada Lovelace \(ada\)\./);
    await expect
      .poll(textOf(dialog()))
      .toMatch(/ChatGPT.*signed in by chatgpt\.com.*used 1 h ago/s);
    await expect.element(byRole("combobox", "Container of ChatGPT")).toHaveValue("c_1");
    // What a client calls itself cannot turn the text around it.
    expect(dialog().element().textContent).not.toContain("\u202e");
    await keyboard("{Escape}");
    await expect.element(dialog()).not.toBeInTheDocument();
  });

  it("hands a container from one client to the other", async () => {
    await open();
    const choice = byRole("combobox", /^Container of Claude/);
    await userEvent.selectOptions(choice, "website (open)");
    await expect.element(choice).toHaveValue("c_1");
    await userEvent.selectOptions(choice, "A new container");
    expect(scripted().asked).toEqual(["read", "bind s_2 c_1", "bind s_2 new"]);
  });

  it("signs a client out, and keeps the focus in the dialog", async () => {
    await open();
    await byRole("button", "Sign out ChatGPT").click();
    await expect.element(byRole("button", "Sign out ChatGPT")).not.toBeInTheDocument();
    expect(scripted().asked).toEqual(["read", "end s_1"]);
    expect(dialog().element().contains(document.activeElement)).toBe(true);
  });

  it("says in words what failed, and leaves what is known", async () => {
    await open();
    scripted().failure = new Error("The worker could not be reached.");
    await byRole("button", "Sign out ChatGPT").click();
    await expect.poll(textOf(dialog())).toMatch(/could not be reached/);
    await expect.element(byRole("button", "Sign out ChatGPT")).toBeVisible();
  });
});

describe("API keys", () => {
  it("are made with a name and scopes, shown once, and revoked", async () => {
    await open();
    await byRole("group").getByText("New API key").click();
    await byRole("button", "Create").click();
    await expect.poll(textOf(dialog())).toMatch(/Give the key a name/);
    await byRole("textbox", "Name").fill("CI");
    await byRole("button", "Create").click();
    await expect.poll(textOf(dialog())).toMatch(/Choose what the key may do/);
    await byRole("checkbox", /files:read/).click();
    await byRole("button", "Create").click();
    await expect.poll(textOf(dialog())).toMatch(/disco_key_the-whole-of-it/);
    expect(scripted().asked.at(-1)).toBe("create CI files:read new");
    await byRole("button", "Close").click();
    await open();
    await expect.poll(textOf(dialog())).toMatch(/disco_key_01234567…/);
    expect(dialog().element().textContent).not.toContain("the-whole-of-it");
    await byRole("button", "Revoke CI").click();
    await expect.element(byRole("button", "Revoke CI")).not.toBeInTheDocument();
  });
});

describe("the ways out", () => {
  it.each([
    ["Sign out everywhere …", "End them all", /every API key/, "sign out everywhere"],
    ["Delete my data …", "Delete everything", /for good/, "delete"],
  ])("%s takes a second press", async (first, second, warning, asked) => {
    await open();
    await byRole("button", first).click();
    await expect.poll(textOf(dialog())).toMatch(warning);
    expect(scripted().asked).toEqual(["read"]);
    await byRole("button", "Cancel").click();
    await byRole("button", first).click();
    await byRole("button", second).click();
    await expect.poll(() => scripted().asked.at(-1)).toBe(asked);
  });
});
