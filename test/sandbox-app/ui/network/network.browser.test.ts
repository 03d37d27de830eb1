import { afterEach, describe, expect, it } from "vitest";
import { userEvent } from "vitest/browser";
import { byRole, keyboard, type MountedPage, mountReady, textOf } from "../support/mounted-page.ts";

let mounted: MountedPage | undefined;
afterEach(() => mounted?.unmount());

const HOST = "https://api.example.com";
const scripted = () => mounted!.tab.scriptedNetwork;
const dialog = () => byRole("dialog", "Network");
const isArmed = (name: string) => byRole("button", name).query()?.getAttribute("aria-disabled");

/** As a person does who has read what stands there. */
async function allow(host: string): Promise<void> {
  await expect.poll(() => isArmed(`Allow ${host}`)).toBe("false");
  await byRole("button", `Allow ${host}`).click();
}

async function open(name: string | RegExp = /^Network:/): Promise<void> {
  await byRole("button", name).click();
}

describe("the network that the person allows", () => {
  it("teaches what it is, while nothing is allowed and nothing asked for", async () => {
    mounted = await mountReady();
    await open("Network: 0 hosts allowed");
    await expect.poll(textOf(dialog())).toMatch(/No host is allowed yet/);
    await expect.poll(textOf(dialog())).toMatch(/npm needs no permission/);
    expect(scripted().asked).toEqual(["refresh"]);
    await keyboard("{Escape}");
    await expect.element(dialog()).not.toBeInTheDocument();
  });

  it("shows what a program asked for, and allows it when the person says so", async () => {
    mounted = await mountReady();
    scripted().wish(HOST);
    await expect
      .poll(() => document.querySelector("[aria-live=polite].sr-only")?.textContent)
      .toBe(`A program asks for network access to ${HOST}.`);
    await expect.element(dialog()).not.toBeInTheDocument();
    await open("Network: 0 hosts allowed, 1 asked for");
    await expect.poll(textOf(dialog())).toMatch(/node client\.js.*pid 12.*asked once/);
    await allow(HOST);
    await expect.element(byRole("button", `Revoke ${HOST}`)).toBeVisible();
    await expect.element(byRole("heading", "Asked for")).not.toBeInTheDocument();
    expect(scripted().asked).toEqual(["refresh", `allow ${HOST}`]);
    expect(dialog().element().contains(document.activeElement)).toBe(true);
  });

  it("ignores a press that comes too soon to be meant", async () => {
    mounted = await mountReady();
    scripted().wish(HOST);
    await open();
    const button = byRole("button", `Allow ${HOST}`).element() as HTMLButtonElement;
    button.click();
    button.focus();
    expect(isArmed(`Allow ${HOST}`)).toBe("true");
    await expect.poll(() => isArmed(`Allow ${HOST}`)).toBe("false");
    expect(scripted().asked).toEqual(["refresh"]);
    window.dispatchEvent(new Event("focus"));
    await expect.poll(() => isArmed(`Allow ${HOST}`)).toBe("true");
    button.click();
    expect(scripted().asked).toEqual(["refresh"]);
  });

  it("waits anew for what has moved, not for what stays where it is", async () => {
    mounted = await mountReady();
    scripted().wish("https://a.example", "https://b.example");
    await open();
    await expect.poll(() => isArmed("Allow https://b.example")).toBe("false");
    scripted().wish("https://c.example");
    await expect.poll(() => isArmed("Allow https://c.example")).toBe("true");
    expect(isArmed("Allow https://b.example")).toBe("false");
    await byRole("button", "Dismiss https://a.example").click();
    await expect.poll(() => isArmed("Allow https://b.example")).toBe("true");
  });

  it("leaves every button where it is, whatever the programs above call themselves", async () => {
    mounted = await mountReady();
    const hosts = ["https://a.example", "https://b.example"];
    const say = (program: string, count: number): void =>
      scripted().say({ wishes: hosts.map((host) => ({ host, pid: 13, program, count })) });
    say("node long.js ".repeat(15), 1);
    await open();
    const top = () =>
      byRole("button", "Allow https://b.example").element().getBoundingClientRect().top;
    await expect.poll(textOf(dialog())).toMatch(/long\.js/);
    const before = top();
    expect(before).toBeGreaterThan(0);
    for (const [program, count] of [
      ["", 2],
      ["node a.js", Number.MAX_SAFE_INTEGER],
    ] as const) {
      say(program, count);
      await expect.poll(textOf(dialog())).toMatch(new RegExp(`asked ${count} times`));
      expect(top()).toBe(before);
    }
  });

  it("leaves every button where it is when programs ask for more", async () => {
    mounted = await mountReady();
    scripted().wish("https://a.example", "https://b.example");
    await open();
    const top = () =>
      byRole("button", "Allow https://b.example").element().getBoundingClientRect().top;
    await expect.poll(textOf(dialog())).toMatch(/b\.example/);
    const before = top();
    scripted().wish("https://c.example", "https://d.example");
    await expect.poll(textOf(dialog())).toMatch(/d\.example/);
    expect(top()).toBe(before);
  });

  it("ignores a press on what has moved only just now, wherever that comes from", async () => {
    mounted = await mountReady();
    scripted().wish("https://a.example", "https://b.example");
    await open();
    await byRole("button", "Dismiss https://b.example").click();
    await userEvent.click(document.querySelector("summary")!);
    const name = "Allow https://b.example";
    await expect.poll(() => isArmed(name)).toBe("false");
    const button = byRole("button", name).element() as HTMLButtonElement;
    const before = button.getBoundingClientRect().top;
    scripted().wish("https://c.example");
    await expect.poll(() => button.getBoundingClientRect().top).toBeGreaterThan(before);
    button.click();
    expect(scripted().asked).toEqual(["refresh"]);
  });

  it("keeps what was dismissed at hand, and asks no more for it", async () => {
    mounted = await mountReady();
    scripted().wish(HOST);
    await open();
    await byRole("button", `Dismiss ${HOST}`).click();
    await expect.element(byRole("button", `Allow ${HOST}`)).not.toBeInTheDocument();
    scripted().say({ wishes: [{ host: HOST, pid: 13, program: "node again.js", count: 9 }] });
    await byRole("button", "Close").click();
    await open("Network: 0 hosts allowed");
    await userEvent.click(document.querySelector("summary")!);
    await expect.poll(textOf(dialog())).toMatch(/Dismissed in this visit: 1.*again\.js/);
    await allow(HOST);
    await expect.element(byRole("button", `Revoke ${HOST}`)).toBeVisible();
  });

  it("says what was done with a host, and takes the permission back", async () => {
    mounted = await mountReady();
    scripted().say({
      grants: [
        { host: "https://*.example.com", since: Date.now() - 180_000 },
        { host: "http://host.disco.internal:11434", since: Date.now() },
      ],
    });
    scripted().used(HOST);
    await open("Network: 2 hosts allowed");
    const said = textOf(dialog());
    await expect.poll(said).toMatch(/every host below example\.com/);
    await expect.poll(said).toMatch(/allowed 3 min ago.*used now.*3 requests.*2\.0 KB sent/);
    await expect.poll(said).toMatch(/a program on this machine.*not used in this visit/);
    await byRole("button", "Revoke https://*.example.com").click();
    await expect.poll(said).not.toMatch(/every host below/);
    expect(scripted().asked).toContain("revoke https://*.example.com");
  });

  it("allows a host that the person types, and says what is wrong with another", async () => {
    mounted = await mountReady();
    await open();
    const field = byRole("textbox", "Allow a host");
    await field.fill("192.168.0.1");
    await keyboard("{Enter}");
    await expect.poll(textOf(dialog())).toMatch(/An address cannot be allowed/);
    await field.fill("API.example.com");
    await expect.poll(textOf(dialog())).toMatch(/Means https:\/\/api\.example\.com/);
    await keyboard("{Enter}");
    await expect.element(byRole("button", `Revoke ${HOST}`)).toBeVisible();
    expect((field.element() as HTMLInputElement).value).toBe("");
    expect(scripted().asked).toEqual(["refresh", `allow ${HOST}`]);
  });

  it("tells what the worker refuses", async () => {
    mounted = await mountReady();
    scripted().wish("https://disco.example.com");
    scripted().failure = new Error("Disco's own hosts cannot be reached.");
    await open();
    await allow("https://disco.example.com");
    await expect.poll(textOf(byRole("alert"))).toBe("Disco's own hosts cannot be reached.");
  });

  it("shows what a program calls itself as it is, not as it wants to look", async () => {
    mounted = await mountReady();
    const program = "node \u202egnp.js\u001b[2K <b>x</b>";
    scripted().say({ wishes: [{ host: HOST, pid: 1, program, count: 2 }] });
    await open();
    await expect.poll(textOf(dialog())).toContain("node ‹U+202E›gnp.js‹ESC›[2K <b>x</b>");
  });
});
