import { type Browser, type Page, chromium } from "playwright";
import { chromiumArgs, findChromium } from "../chromium.ts";
import { ExpectedError, describeError } from "./expected-error.ts";

/** Lines of the page's console kept to explain a failure. */
const CONSOLE_LINES_MAX = 50;
/** Milliseconds that a browser gets to start, and a page to load. */
const OPEN_TIMEOUT_MS = 60_000;

/** A sandbox page in a Chromium of our own, with a profile of its own. */
export interface HeadlessTab {
  readonly page: Page;
  /** Resolves when the browser or its page is gone, with the reason in words. */
  readonly ended: Promise<string>;
  /** The last lines of the page's console. */
  log(): string;
  stop(): Promise<void>;
}

/**
 * Opens the sandbox page, as a person would.
 *
 * @throws ExpectedError when there is no Chromium, or it does not start
 */
export async function openHeadlessTab(url: string, signal: AbortSignal): Promise<HeadlessTab> {
  const browser = await launch(signal);
  const lines: string[] = [];
  try {
    const page = await browser.newPage();
    page.on("console", (message) => {
      lines.push(`${message.type()}: ${message.text()}`);
      lines.splice(0, lines.length - CONSOLE_LINES_MAX);
    });
    page.on("pageerror", (error) => lines.push(`error: ${error.message}`));
    await page.goto(url, { timeout: OPEN_TIMEOUT_MS, waitUntil: "load" });
    const ended = new Promise<string>((resolve) => {
      browser.once("disconnected", () => resolve("Chromium ended"));
      page.once("crash", () => resolve("The page crashed"));
    });
    return { page, ended, log: () => lines.join("\n"), stop: () => browser.close() };
  } catch (error) {
    await browser.close();
    throw new ExpectedError(`The sandbox page did not open: ${describeError(error)}`);
  }
}

async function launch(signal: AbortSignal): Promise<Browser> {
  let found;
  try {
    found = await findChromium();
  } catch (error) {
    throw new ExpectedError(error instanceof Error ? error.message : String(error));
  }
  signal.throwIfAborted();
  const browser = await chromium
    .launch({
      executablePath: found.executablePath,
      args: chromiumArgs,
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
    await browser.close();
    signal.throwIfAborted();
  }
  return browser;
}
