import type { PortEvent } from "../../runtime/runtime.ts";

/** A port of the container that was listened on while the page was open. */
export interface PreviewTab {
  readonly port: number;
  /** Whether a program listens now. */
  readonly life: "open" | "ended";
  /** What listens, or listened last; null until it is known. Untrusted text. */
  readonly program: string | null;
}

export interface Previews {
  /** In the order in which they came. */
  readonly tabs: readonly PreviewTab[];
  /** Port of the one that is shown. */
  readonly active: number | null;
}

export const noPreviews: Previews = { tabs: [], active: null };

/** The previews after a port was opened or closed. The first one is shown, later ones do not push in. */
export function withPortEvent(previews: Previews, { type, port }: PortEvent): Previews {
  const life = type === "opened" ? "open" : "ended";
  const known = previews.tabs.some((tab) => tab.port === port);
  if (!known && life === "ended") return previews;
  const tabs = known
    ? previews.tabs.map((tab) => (tab.port === port ? { ...tab, life } : tab))
    : [...previews.tabs, { port, life, program: null }];
  const shown = tabs.find((tab) => tab.port === previews.active);
  // What has ended makes room for what lives.
  const active =
    shown === undefined || (shown.life === "ended" && life === "open") ? port : shown.port;
  return { tabs, active } as Previews;
}

export function withProgram(previews: Previews, port: number, program: string): Previews {
  const tabs = previews.tabs.map((tab) => (tab.port === port ? { ...tab, program } : tab));
  return { ...previews, tabs };
}

/** Without a preview that has ended; its neighbour is shown. */
export function withoutPreview(previews: Previews, port: number): Previews {
  const index = previews.tabs.findIndex((tab) => tab.port === port);
  const tabs = previews.tabs.filter((tab) => tab.port !== port);
  if (previews.active !== port) return { ...previews, tabs };
  return { tabs, active: (tabs[index] ?? tabs[index - 1])?.port ?? null };
}

/** What the person typed into the address bar, as a path on the preview's origin. */
export function pathOf(typed: string): string {
  const text = typed.trim();
  const whole = /^https?:\/\//i.test(text) && URL.canParse(text) ? new URL(text) : null;
  if (whole !== null) return whole.pathname + whole.search + whole.hash;
  // Two slashes would begin another host.
  const { pathname, search, hash } = new URL(`/${text.replace(/^[/\\]+/, "")}`, "http://localhost");
  return pathname + search + hash;
}
