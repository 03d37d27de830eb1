import * as z from "zod";

/** Below this width (CSS pixels) one panel is shown at a time. */
export const NARROW_MAX_PX = 719;

/** Sizes of the dividable panels in CSS pixels: least, most, and at first. */
export const SIZES = {
  activity: { min: 220, max: 720, initial: 320 },
  tree: { min: 140, max: 480, initial: 210 },
  terminal: { min: 96, max: 800, initial: 240 },
  preview: { min: 240, max: 1_600, initial: 480 },
} as const;

/** Left for what is next to a panel, so that no splitter can push it out of the window. */
const REST_MIN_PX = 200;

/** Step of an arrow key on a splitter. */
export const KEY_STEP_PX = 16;

export type SizedPanel = keyof typeof SIZES;
export const panels = ["activity", "files", "terminal", "preview"] as const;
export type Panel = (typeof panels)[number];

const size = (panel: SizedPanel) =>
  z.number().min(SIZES[panel].min).max(SIZES[panel].max).catch(SIZES[panel].initial);

const Layout = z.object({
  sizes: z
    .object({
      activity: size("activity"),
      tree: size("tree"),
      terminal: size("terminal"),
      preview: size("preview"),
    })
    .catch(initialSizes),
  /** Panels the person has closed. */
  collapsed: z
    .object({
      activity: z.boolean().catch(false),
      tree: z.boolean().catch(false),
      terminal: z.boolean().catch(false),
      preview: z.boolean().catch(false),
    })
    .catch(noneCollapsed),
  /** The one panel of a narrow window. */
  shown: z.enum(panels).catch("activity"),
});
export type Layout = Readonly<z.infer<typeof Layout>>;

export const initialLayout: Layout = {
  sizes: initialSizes(),
  collapsed: noneCollapsed(),
  shown: "activity",
};

/** The remembered layout; whatever is wrong in it is as it was at first. */
export function parseLayout(stored: string | null): Layout {
  if (stored === null) return initialLayout;
  try {
    return Layout.catch(initialLayout).parse(JSON.parse(stored));
  } catch {
    return initialLayout;
  }
}

/** The layout with a panel resized as far as its limits, and the room there is, allow. */
export function withSize(layout: Layout, panel: SizedPanel, px: number, room: number): Layout {
  const { min, max } = SIZES[panel];
  const most = Math.max(min, Math.min(max, room - REST_MIN_PX));
  const clamped = Math.round(Math.min(most, Math.max(min, px)));
  return { ...layout, sizes: { ...layout.sizes, [panel]: clamped } };
}

export function withCollapsed(layout: Layout, panel: SizedPanel, collapsed: boolean): Layout {
  return { ...layout, collapsed: { ...layout.collapsed, [panel]: collapsed } };
}

/** A splitter moves away from its panel: up from the terminal, left from the preview. */
const toTheRight = { grows: "ArrowRight", shrinks: "ArrowLeft" };
const KEYS: Readonly<Record<SizedPanel, { grows: string; shrinks: string }>> = {
  activity: toTheRight,
  tree: toTheRight,
  terminal: { grows: "ArrowUp", shrinks: "ArrowDown" },
  preview: { grows: "ArrowLeft", shrinks: "ArrowRight" },
};

/** The size a splitter's key asks for; null when the key means nothing to it. */
export function sizeByKey(panel: SizedPanel, now: number, key: string): number | null {
  const { grows, shrinks } = KEYS[panel];
  if (key === grows) return now + KEY_STEP_PX;
  if (key === shrinks) return now - KEY_STEP_PX;
  if (key === "Home") return SIZES[panel].min;
  if (key === "End") return SIZES[panel].max;
  return null;
}

function initialSizes() {
  return {
    activity: SIZES.activity.initial as number,
    tree: SIZES.tree.initial as number,
    terminal: SIZES.terminal.initial as number,
    preview: SIZES.preview.initial as number,
  };
}

function noneCollapsed() {
  return { activity: false, tree: false, terminal: false, preview: false };
}
