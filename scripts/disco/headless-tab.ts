import { rm } from "node:fs/promises";
import path from "node:path";
import { type BrowserContext, type Page, chromium } from "playwright";
import { chromiumArgs, findChromium } from "../chromium.ts";
import { ExpectedError, describeError } from "./expected-error.ts";
import { endLeftovers } from "./leftovers.ts";

/** Lines of the page's console kept to explain a failure. */
const CONSOLE_LINES_MAX = 50;
/** Milliseconds that a browser gets to start, and a page to load. */
const OPEN_TIMEOUT_MS = 60_000;
/** Milliseconds for the files to be saved before the browser is closed; a save takes well under one. */
const SAVE_TIMEOUT_MS = 5_000;
/** Bytes of the browser's own cache, which a kept profile would otherwise let grow with the disk. */
const CACHE_BYTES_MAX = 64 * 1_024 * 1_024;

/** A sandbox page in a Chromium of our own. */
export interface HeadlessTab {
  readonly page: Page;
  /** Resolves when the browser or its page is gone, with the reason in words. */
  readonly ended: Promise<string>;
  /** The last lines of the page's console. */
  log(): string;
  /** Closes the browser, after the container's files are saved as far as the page can. */
  stop(): Promise<void>;
}

/**
 * Opens the sandbox page, as a person would.
 *
 * @param profile directory where the browser keeps what must outlive it, the container's files above
 *   all. The caller is its one owner. Empty: the browser forgets everything.
 * @throws ExpectedError when there is no Chromium, or it does not start
 */
export async function openHeadlessTab(
  url: string,
  signal: AbortSignal,
  profile = "",
): Promise<HeadlessTab> {
  const context = await launch(profile, signal);
  const lines: string[] = [];
  try {
    // Chromium opens with a page; a second one would only take memory.
    const page = context.pages()[0] ?? (await context.newPage());
    page.on("console", (message) => {
      lines.push(`${message.type()}: ${message.text()}`);
      lines.splice(0, lines.length - CONSOLE_LINES_MAX);
    });
    page.on("pageerror", (error) => lines.push(`error: ${error.message}`));
    const ended = new Promise<string>((resolve) => {
      context.once("close", () => resolve("Chromium ended"));
      page.once("crash", () => resolve("The page crashed"));
    });
    await page.goto(url, { timeout: OPEN_TIMEOUT_MS, waitUntil: "load" });
    return { page, ended, log: () => lines.join("\n"), stop: () => close(context, page) };
  } catch (error) {
    await context.close();
    throw new ExpectedError(`The sandbox page did not open: ${describeError(error)}`);
  }
}

async function close(context: BrowserContext, page: Page): Promise<void> {
  // A page that has crashed, or never got so far, has nothing to wait for.
  const saving = page.getByRole("button", { name: "Storage: Saving" });
  await saving.waitFor({ state: "hidden", timeout: SAVE_TIMEOUT_MS }).catch(() => {});
  await context.close();
}

async function launch(profile: string, signal: AbortSignal): Promise<BrowserContext> {
  let found;
  try {
    found = await findChromium();
  } catch (error) {
    throw new ExpectedError(error instanceof Error ? error.message : String(error));
  }
  if (profile !== "") await freeProfile(profile);
  signal.throwIfAborted();
  const context = await chromium
    .launchPersistentContext(profile, {
      executablePath: found.executablePath,
      args: [...chromiumArgs, `--disk-cache-size=${CACHE_BYTES_MAX}`],
      env: { ...process.env, ...found.env },
      timeout: OPEN_TIMEOUT_MS,
      // Whoever started it decides when it ends, in the right order.
      handleSIGINT: false,
      handleSIGTERM: false,
      handleSIGHUP: false,
    })
    .catch((error: unknown) => {
      throw new ExpectedError(`${found.executablePath} did not start: ${describeError(error)}`);
    });
  if (signal.aborted) {
    await context.close();
    signal.throwIfAborted();
  }
  return context;
}

/**
 * Lets a new Chromium have the profile of one that was killed. That one may still be ending, and its
 * lock (a link that names host and process) is believed for ever when the host's name has changed
 * since, as it does with every start of a container that keeps the profile in a volume.
 */
async function freeProfile(profile: string): Promise<void> {
  await endLeftovers(`--user-data-dir=${profile}`);
  for (const name of ["SingletonLock", "SingletonSocket", "SingletonCookie"]) {
    await rm(path.join(profile, name), { force: true });
  }
}
