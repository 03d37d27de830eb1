import { visibleLine } from "../text/visible.ts";
import type { Status, Tone } from "./page-state.ts";

/** Title of the document: the state first, because a tab shows only its beginning. */
export function pageTitle(status: Status, container: string | null, running: number): string {
  const name = container === null ? "Disco" : `${visibleLine(container)} · Disco`;
  if (status.kind !== "ready") return `${status.label} · ${name}`;
  if (running === 0) return name;
  return `${running} running · ${name}`;
}

/** What the favicon shows: the tone as a colour and, for those who do not see it, as a shape. */
export function faviconUrl(tone: Tone, running: boolean, colour: string): string {
  const shape = SHAPES[running && tone === "good" ? "running" : tone];
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16" fill="${colour}" stroke="${colour}">${shape}</svg>`;
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}

const RING = '<circle cx="8" cy="8" r="6" fill="none" stroke-width="2"/>';
const SHAPES: Record<Tone | "running", string> = {
  good: `${RING}<circle cx="8" cy="8" r="2.5" stroke="none"/>`,
  running:
    '<circle cx="8" cy="8" r="7" stroke="none"/><path d="M6.3 4.8v6.4L11.4 8z" fill="#fff" stroke="none"/>',
  busy: '<circle cx="8" cy="8" r="6" fill="none" stroke-width="2" stroke-dasharray="6 4"/>',
  warn: '<path d="M8 2 15 14H1z" fill="none" stroke-width="2" stroke-linejoin="round"/>',
  bad: `${RING}<path d="m5.5 5.5 5 5m0-5-5 5" stroke-width="2"/>`,
};
