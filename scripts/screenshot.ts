// npm run screenshot: the pictures of the README, taken from the running product after a few real
// calls over MCP.
import { mkdir } from "node:fs/promises";
import path from "node:path";
import type { Page } from "playwright";
import { withFreshDisco } from "./disco/borrowed-disco.ts";
import { openHeadlessTab } from "./disco/headless-tab.ts";
import { McpCaller } from "./disco/mcp-caller.ts";
import { top } from "./disco/top.ts";
import { playScene } from "./screenshot/scene.ts";

const PICTURES = path.join(top, "docs/images");
const VIEWPORT = { width: 1_280, height: 800 };
/** Milliseconds for the page to show the last call, and for its transitions to end. */
const SETTLE_MS = 1_500;

/** Takes the picture in one colour scheme. */
async function take(page: Page, scheme: "light" | "dark"): Promise<void> {
  await page.emulateMedia({ colorScheme: scheme, reducedMotion: "reduce" });
  await page.waitForTimeout(SETTLE_MS);
  const file = path.join(PICTURES, `page-${scheme}.png`);
  await page.screenshot({ path: file });
  process.stdout.write(`${path.relative(top, file)}\n`);
}

await mkdir(PICTURES, { recursive: true });
await withFreshDisco(async ({ ready }) => {
  const signal = new AbortController().signal;
  // A page of our own takes over from the headless one, so that we hold its window.
  const tab = await openHeadlessTab(ready.sandboxUrl, signal);
  try {
    await tab.page.setViewportSize(VIEWPORT);
    // The page's own word: the worker could still speak of the headless page.
    await tab.page.getByRole("status").filter({ hasText: "Ready" }).first().waitFor();
    const caller = await McpCaller.connect(ready, "Claude");
    await playScene(caller, tab.page);
    await caller.close();
    await take(tab.page, "light");
    await take(tab.page, "dark");
  } finally {
    await tab.stop();
  }
});
