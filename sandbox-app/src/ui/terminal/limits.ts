import type { Terminal } from "@xterm/xterm";

/**
 * What a program's output may not do (Operating System Commands): name the window (0, 1, 2), ask or
 * set colours (4, 10-19, 104, 110-119), read or write the clipboard (52).
 */
const REFUSED_OSC = [
  0, 1, 2, 4, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 52, 104, 110, 111, 112, 113, 114, 115, 116,
  117, 118, 119,
];

/**
 * Queries whose answer the terminal would type into the program's standard input: a file that is
 * merely shown could type that way. Device attributes, status reports, window and mode reports.
 */
const REFUSED_CSI = [
  { final: "c" },
  { prefix: ">", final: "c" },
  { prefix: "=", final: "c" },
  { final: "n" },
  { prefix: "?", final: "n" },
  { final: "t" },
  { intermediates: "$", final: "p" },
  { prefix: "?", intermediates: "$", final: "p" },
];

const REFUSED_DCS = [
  { intermediates: "$", final: "q" },
  { intermediates: "+", final: "q" },
];

/** Takes from the terminal what untrusted output must not reach. */
export function limitEscapes(terminal: Terminal): void {
  for (const id of REFUSED_OSC) terminal.parser.registerOscHandler(id, () => true);
  for (const id of REFUSED_CSI) terminal.parser.registerCsiHandler(id, () => true);
  for (const id of REFUSED_DCS) terminal.parser.registerDcsHandler(id, () => true);
}

/** Whole text of a link that may be opened: only http and https, and nothing a person cannot read. */
export function allowedLink(uri: string): string | null {
  if (!URL.canParse(uri)) return null;
  const url = new URL(uri);
  return url.protocol === "https:" || url.protocol === "http:" ? url.href : null;
}
