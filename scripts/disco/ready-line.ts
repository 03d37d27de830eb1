import * as z from "zod";

const PREFIX = "DISCO READY ";

/** What `npm start -- --headless` tells the program that started it. */
export const Ready = z.object({
  /** `http://localhost:PORT`, a name that every program resolves; the page's own is in sandboxUrl. */
  origin: z.string(),
  mcp: z.string(),
  /** Base of the REST routes. */
  api: z.string(),
  /** Bearer token of this machine's user. */
  token: z.string(),
  /** Id of the container. */
  container: z.string(),
  /** Page that signs in and attaches; it signs in one browser, once, within a day. */
  sandboxUrl: z.string(),
});
export type Ready = z.infer<typeof Ready>;

/** One line without its end; scripts and tests depend on its form. */
export function formatReadyLine(ready: Ready): string {
  return PREFIX + JSON.stringify(Ready.parse(ready));
}

/** @returns undefined when the line is another one */
export function parseReadyLine(line: string): Ready | undefined {
  return line.startsWith(PREFIX) ? Ready.parse(JSON.parse(line.slice(PREFIX.length))) : undefined;
}
