import type { Page } from "playwright";
import type { McpCaller } from "../disco/mcp-caller.ts";
import { timeExpress, writeManyFiles } from "./container.ts";
import { type Measured, repeat } from "./times.ts";

/** Milliseconds between two looks at the clock: the least that browsers grant a repeated timer. */
const LOOK_EVERY_MS = 4;
const REPEATS = 5;
const FILES = 2_800;
/** Milliseconds that a busy program computes while the page is watched. */
const BUSY_MS = 2_000;
/** Milliseconds for the page to show what has happened. */
const SETTLE_MS = 500;

const BUSY_LOOP = `const end = Date.now() + ${BUSY_MS}; while (Date.now() < end);\n`;
const CHATTY = `for (let line = 0; line < 20_000; line += 1) console.log("line", line);\n`;

/** What the page's own script below leaves for us. */
interface Watched {
  discoLongestStall: number;
}

/** From the next navigation on, the page notes how long its thread was away. */
export async function watchStalls(page: Page): Promise<void> {
  await page.addInitScript((every) => {
    const watched = globalThis as unknown as Watched;
    watched.discoLongestStall = 0;
    let last = performance.now();
    setInterval(() => {
      const now = performance.now();
      watched.discoLongestStall = Math.max(watched.discoLongestStall, now - last - every);
      last = now;
    }, every);
  }, LOOK_EVERY_MS);
}

/** @returns milliseconds for which the page's thread was away at most since the last question */
async function longestStall(page: Page): Promise<number> {
  return page.evaluate(() => {
    const watched = globalThis as unknown as Watched;
    const longest = watched.discoLongestStall;
    watched.discoLongestStall = 0;
    return longest;
  });
}

/**
 * The longest time for which a person's click would wait, while the container is busy.
 *
 * @param page watched, and ready
 * @param reload loads the page again and waits until it is ready
 */
export async function measureStalls(
  page: Page,
  caller: McpCaller,
  reload: () => Promise<unknown>,
): Promise<Measured[]> {
  const during = async (work: () => Promise<unknown>): Promise<number> => {
    await longestStall(page);
    await work();
    await page.waitForTimeout(SETTLE_MS);
    return longestStall(page);
  };
  await caller.call("write_file", { path: "busy.js", content: BUSY_LOOP });
  await caller.call("write_file", { path: "chatty.js", content: CHATTY });
  const program = (name: string) => () =>
    caller.call("run_command", { command: `node ${name}`, timeout_s: 40 });
  const works: readonly (readonly [string, () => Promise<unknown>])[] = [
    ["a reload", reload],
    ["npm install express", () => timeExpress(caller)],
    [`${FILES.toLocaleString("en")} new files`, () => writeManyFiles(caller, FILES)],
    ["an endless loop", program("busy.js")],
    ["20,000 lines of output", program("chatty.js")],
  ];
  const rows: Measured[] = [];
  for (const [what, work] of works) {
    const times = await repeat(REPEATS, () => during(work));
    rows.push({ what: `longest stall, ${what}`, times });
  }
  return rows;
}
