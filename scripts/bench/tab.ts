import type { Page } from "playwright";
import type { McpCaller } from "../disco/mcp-caller.ts";
import { timeNode, timeSystemCall, writeManyFiles } from "./container.ts";
import { measureStalls, watchStalls } from "./stalls.ts";
import { type Measured, repeat } from "./times.ts";

const RELOADS = 7;
const RUNS = 15;
const FILES = 2_800;
/** Milliseconds for files to be saved, or a page to get ready. */
const SETTLE_TIMEOUT_MS = 60_000;

/** What only the page itself can tell: how long it takes to be there again, and its files with it. */
export async function measureTab(page: Page, caller: McpCaller): Promise<Measured[]> {
  await watchStalls(page);
  const reloads: number[] = [];
  const boots: number[] = [];
  const firstPrograms: number[] = [];
  for (let reload = 0; reload < RELOADS; reload += 1) {
    const { reload: took, boot } = await timeReload(page);
    reloads.push(took);
    boots.push(boot);
    firstPrograms.push(await timeNode(caller));
  }
  const programs = await repeat(RUNS, () => timeNode(caller));
  const systemCalls = await repeat(RUNS, () => timeSystemCall(caller));
  const stalls = await measureStalls(page, caller, () => timeReload(page));

  await writeManyFiles(caller, FILES);
  const fullReloads: number[] = [];
  const restores: number[] = [];
  for (let reload = 0; reload < RELOADS; reload += 1) {
    await page.getByRole("button", { name: "Storage: Saved" }).waitFor();
    fullReloads.push((await timeReload(page)).reload);
    restores.push(await restoreTimeOf(page));
  }
  const count = FILES.toLocaleString("en");
  return [
    { what: "boot until the prompt", times: boots },
    { what: "reload until the prompt", times: reloads },
    { what: `  with ${count} files`, times: fullReloads },
    { what: `restore ${count} files`, times: restores },
    { what: "node x.js, first in a tab", times: firstPrograms },
    { what: "node x.js, warm", times: programs },
    { what: "a system call (statSync)", times: systemCalls },
    ...stalls,
  ];
}

interface Reloaded {
  /** Milliseconds from the start of the navigation to the prompt of the shell. */
  readonly reload: number;
  /** Those of them since the runtime began to load. */
  readonly boot: number;
}

async function timeReload(page: Page): Promise<Reloaded> {
  await page.reload({ waitUntil: "commit" });
  const prompt = await page.waitForFunction(
    () =>
      /[$#]/.test(document.querySelector(".xterm-rows")?.textContent ?? "") && performance.now(),
    undefined,
    { timeout: SETTLE_TIMEOUT_MS },
  );
  const reload = Number(await prompt.jsonValue());
  const began = await page.evaluate(() => performance.getEntriesByName("disco.boot")[0]?.startTime);
  const ready = page.getByRole("status").first().filter({ hasText: "Ready" });
  await ready.waitFor({ timeout: SETTLE_TIMEOUT_MS });
  return { reload, boot: reload - (began ?? Number.NaN) };
}

/** What the page says about its storage. */
async function restoreTimeOf(page: Page): Promise<number> {
  const storage = page.getByRole("button", { name: "Storage: Saved" });
  await storage.click({ timeout: SETTLE_TIMEOUT_MS });
  const words = await page.getByText(/came back in \d+ ms/).textContent();
  await page.getByRole("button", { name: "Close", exact: true }).click();
  return Number(/came back in (\d+) ms/.exec(words ?? "")?.[1]);
}
