import { afterEach, describe, expect, it } from "vitest";
import {
  byRole,
  keyboard,
  type MountedPage,
  mountReady,
  NARROW,
  textOf,
} from "../support/mounted-page.ts";
import { program } from "./program.ts";

let mounted: MountedPage;
afterEach(() => mounted.unmount());

const dialog = () => byRole("dialog", "Processes");
const items = () => byRole("list", "Running programs").getByRole("listitem").all();
const cut = {
  pid: 12,
  argv: ["node", "big.js"],
  limit: "memory",
  message: "it used 600 MiB of memory, and 512 MiB is the limit",
} as const;

async function open(): Promise<void> {
  await byRole("button", /^Processes: \d+ running$/).click();
  await expect.element(dialog()).toBeVisible();
}

describe("the processes view", () => {
  it("counts what runs, and lists it with what it takes", async () => {
    mounted = await mountReady();
    mounted.tab.memory.running = [
      program(2, { argv: ["bash"] }),
      program(3, { parent: 2, ports: [3_000], memory: 48 * 1_048_576, load: 0.25 }),
    ];
    mounted.tab.call("run_command", "node 3.js");
    await expect.element(byRole("button", "Processes: 2 running")).toBeVisible();
    await open();
    await expect.poll(() => items()).toHaveLength(2);
    expect(items()[1]?.element().textContent).toMatch(
      /node 3\.js.*pid 3.*port 3000.*48\.0 MB.*25 % busy.*started by pid 2/,
    );
    expect(textOf(dialog())()).toContain("2 programs run, of 64 at most.");
  });

  it("follows what happens when it is told, and asks for nothing in between", async () => {
    mounted = await mountReady();
    const { memory } = mounted.tab;
    const startedAt = Date.now();
    memory.running = [program(12, { startedAt })];
    await open();
    const facts = (): string => items()[0]?.element().textContent ?? "";
    await expect.poll(facts, { timeout: 3_000 }).toMatch(/[01] s/);
    const before = facts();
    const looks = memory.looks();
    await expect.poll(facts, { timeout: 3_000 }).not.toBe(before);
    expect(memory.looks()).toBe(looks);
    memory.running = [program(12, { startedAt, memory: 80e6, load: 1, ports: [8_080] })];
    await expect.poll(facts, { timeout: 3_000 }).toMatch(/port 8080.*76\.3 MB.*100 % busy/);
    memory.running = [];
    await expect.poll(textOf(dialog()), { timeout: 3_000 }).toContain("Nothing runs.");
  });

  it("stops a program, kills the one that stays, and keeps the focus", async () => {
    mounted = await mountReady();
    const { memory } = mounted.tab;
    await open();
    await byRole("button", "Stop node server.js, pid 12").click();
    const waiting = byRole("button", "Stopping … node server.js, pid 12");
    await expect.element(waiting).toHaveAttribute("aria-disabled", "true");
    await keyboard("{Enter}");
    expect(memory.signals).toEqual([[12, "SIGTERM"]]);
    const kill = byRole("button", "Kill node server.js, pid 12");
    await expect.poll(() => kill.query(), { timeout: 5_000 }).not.toBeNull();
    await expect.element(kill).toHaveFocus();
    await keyboard("{Enter}");
    expect(memory.signals.at(-1)).toEqual([12, "SIGKILL"]);
    memory.running = [];
    await expect
      .poll(textOf(dialog().getByRole("status")), { timeout: 3_000 })
      .toBe("node server.js (pid 12) has ended.");
    expect(dialog().element().contains(document.activeElement)).toBe(true);
  });

  it("tells what the watchdog cut and why, until it was read", async () => {
    mounted = await mountReady();
    mounted.tab.memory.tellCut(cut);
    await expect
      .poll(textOf(byRole("alert")))
      .toMatch(/ended node big\.js \(pid 12\): it used 600 MiB of memory/);
    await byRole("button", "Processes").last().click();
    await expect.poll(textOf(dialog().getByRole("alert"))).toMatch(/big\.js/);
    await dialog().getByRole("button", { name: "Dismiss" }).click();
    await expect.element(byRole("alert")).not.toBeInTheDocument();
  });

  it("counts anew when a program starts, while it is closed too", async () => {
    mounted = await mountReady();
    const { memory } = mounted.tab;
    await expect.element(byRole("button", "Processes: 1 running")).toBeVisible();
    memory.running = [program(2), program(3)];
    const counted = byRole("button", "Processes: 2 running");
    await expect.poll(() => counted.query(), { timeout: 3_000 }).not.toBeNull();
  });

  it("opens from the palette", async () => {
    mounted = await mountReady();
    await keyboard("{F1}");
    await keyboard("show processes{Enter}");
    await expect.element(dialog()).toBeVisible();
  });

  it("fits a narrow window", async () => {
    mounted = await mountReady({}, NARROW);
    const long = program(2, { argv: ["node", "x".repeat(900)], ports: [3_000], memory: 9e7 });
    mounted.tab.memory.running = [long, program(3, { parent: 2 })];
    await open();
    await expect.poll(() => items()).toHaveLength(2);
    const { right } = dialog().element().getBoundingClientRect();
    for (const button of dialog().getByRole("button").all()) {
      expect(button.element().getBoundingClientRect().right).toBeLessThan(right);
    }
    expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(NARROW.width);
  });
});
