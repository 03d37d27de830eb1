import { afterEach, describe, expect, it } from "vitest";
import { page } from "vitest/browser";
import { byRole, type MountedPage, mountReady, NARROW, textOf } from "../support/mounted-page.ts";

let mounted: MountedPage | undefined;
afterEach(() => mounted?.unmount());

const REPOSITORY = "https://github.com/owner/name";
const scripted = () => mounted!.tab.scriptedNetwork.git;
const section = () => byRole("region", "Git");

async function open(name: string | RegExp = /^Network:/): Promise<void> {
  mounted ??= await mountReady();
  await byRole("button", name).click();
}

describe("git in the network's dialog", () => {
  it("shows what was refused, and allows it when the person says so", async () => {
    mounted = await mountReady();
    scripted().wish(REPOSITORY, "push", "git push origin \u202emain");
    await open("Network: 0 hosts allowed, 1 asked for");
    await expect
      .poll(textOf(section()))
      .toMatch(/git push to github\.com\/owner\/name was refused/);
    expect(section().element().textContent).not.toContain("\u202e");
    const allow = byRole("button", "Allow pushing to github.com/owner/name");
    (allow.element() as HTMLButtonElement).click();
    expect(scripted().asked).toEqual([]);
    await expect.poll(() => allow.query()?.getAttribute("aria-disabled")).toBe("false");
    await allow.click();
    expect(scripted().asked).toEqual([`allow push ${REPOSITORY} null`]);
    await expect.poll(textOf(section())).toMatch(/github\.com\/owner\/name.*read and push/);
    await byRole("button", "Revoke github.com/owner/name").click();
    expect(scripted().asked.at(-1)).toBe(`revoke ${REPOSITORY}`);
  });

  it("allows a repository that the person names, with the branches that may be pushed", async () => {
    mounted = await mountReady();
    await open();
    await page.getByText("Allow a repository").click();
    await page.getByLabelText("Repository", { exact: true }).fill("http://github.com/owner/name");
    await byRole("button", "Allow repository").click();
    await expect.poll(textOf(section())).toMatch(/git goes out by https only/);
    await page.getByLabelText("Repository", { exact: true }).fill(`${REPOSITORY}.git`);
    await page.getByLabelText("Allow pushing to it").click();
    await page.getByLabelText(/Only to these branches/).fill("disco/*");
    await byRole("button", "Allow repository").click();
    await expect.poll(() => scripted().asked).toEqual([`allow push ${REPOSITORY} disco/*`]);
  });

  it("takes a credential, forgets it at once, and never shows it", async () => {
    mounted = await mountReady();
    await open();
    await page.getByText("Add a credential").click();
    await page.getByLabelText("Host or repository").fill("github.com");
    await page.getByLabelText("User name").fill("ada");
    await page.getByLabelText("Token").fill("a-secret");
    scripted().failure = new Error("The worker could not be reached.");
    await byRole("button", "Add credential").click();
    await expect.poll(textOf(byRole("alert"))).toMatch(/could not be reached/);
    const field = page.getByLabelText("Token").element() as HTMLInputElement;
    expect(field.value).toBe("");
    await page.getByLabelText("Token").fill("a-secret");
    await byRole("button", "Add credential").click();
    expect(scripted().asked).toHaveLength(2);
    expect(scripted().asked.at(-1)).toBe("credential github.com ada a-secret");
    await expect.poll(textOf(section())).toMatch(/github\.com.*signs in as ada/);
    expect(document.body.innerHTML).not.toContain("a-secret");
    await byRole("button", "Remove credential github.com").click();
    expect(scripted().asked.at(-1)).toBe("remove github.com");
  });

  it("connects GitHub in another tab, and then has repositories to pick from", async () => {
    mounted = await mountReady();
    mounted.tab.scriptedNetwork.local = false;
    const opened: unknown[] = [];
    const original = window.open;
    window.open = (url) => {
      opened.push(url);
      return null;
    };
    try {
      await open();
      scripted().failure = new Error("The worker could not be reached.");
      await byRole("button", "Connect GitHub").click();
      await expect.poll(textOf(byRole("alert"))).toMatch(/could not be reached/);
      expect(opened).toEqual([]);
      await byRole("button", "Connect GitHub").click();
      await expect.poll(() => opened).toEqual(["https://github.example/authorize"]);
      await expect.poll(textOf(section())).toMatch(/GitHub asks you in another tab/);
    } finally {
      window.open = original;
    }
    scripted().github = [`${REPOSITORY}.git`];
    window.dispatchEvent(new Event("focus"));
    await expect
      .poll(textOf(section()))
      .toMatch(/GitHub is connected; repositories to pick from: 1/);
    const options = section().element().querySelectorAll("datalist option");
    expect([...options].map((option) => option.getAttribute("value"))).toEqual([
      `${REPOSITORY}.git`,
    ]);
  });

  it("asks for no GitHub on a person's own machine", async () => {
    mounted = await mountReady();
    await open();
    expect(section().element().textContent).not.toContain("Connect GitHub");
  });

  it("fits a phone", async () => {
    mounted = await mountReady({}, NARROW);
    const long = `https://github.com/${"owner".repeat(20)}/${"name".repeat(20)}`;
    scripted().wish(long, "push");
    await scripted().allow(`${long}x`, "read", null);
    await open();
    for (const summary of ["Allow a repository", "Add a credential"])
      await page.getByText(summary).click();
    const dialog = byRole("dialog", "Network").element();
    expect(dialog.scrollWidth).toBeLessThanOrEqual(dialog.clientWidth);
    expect(dialog.getBoundingClientRect().width).toBeLessThanOrEqual(NARROW.width);
  });
});
