import { type Browser, type Frame, type Page, chromium } from "playwright";
import { chromiumArgs, findChromium } from "#scripts/chromium.ts";

/** A real Chromium; close it when done. */
export async function launchBrowser(): Promise<Browser> {
  const { executablePath, env } = await findChromium();
  return await chromium.launch({
    executablePath,
    args: chromiumArgs,
    env: { ...process.env, ...env },
  });
}

/** Errors that the page raised or printed, from now on. */
export function watchErrors(page: Page): string[] {
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error") errors.push(`${message.text()} ${message.location().url}`);
  });
  return errors;
}

/**
 * The hidden frame on the runtime's origin, where what is kept can be looked at as a program could.
 *
 * @throws Error when the page has none
 */
export function runtimeFrame(page: Page): Frame {
  const frame = page.frames().find((one) => one.url().includes("/__disco/assets/runtime-"));
  if (frame === undefined) throw new Error("The page has no frame of the runtime.");
  return frame;
}
