import { defineStore } from "pinia";
import { computed, nextTick, shallowRef } from "vue";
import { usePreviews } from "../preview/previews-store.ts";
import {
  type Layout,
  type Panel,
  panels,
  parseLayout,
  type SizedPanel,
  withCollapsed,
  withSize,
} from "./layout.ts";
import { useNarrow } from "./media.ts";
import { remember, remembered } from "../../remembered.ts";

/** Where the panels are; remembered for the next visit. */
export const useLayout = defineStore("layout", () => {
  const layout = shallowRef<Layout>(parseLayout(remembered("layout")));
  const narrow = useNarrow();
  const previews = usePreviews();
  /** The panels that there are: the preview needs something to show. */
  const present = computed(() =>
    panels.filter((panel) => panel !== "preview" || previews.previews.tabs.length > 0),
  );
  /** The one panel of a narrow window. */
  const shown = computed(() =>
    present.value.includes(layout.value.shown) ? layout.value.shown : "activity",
  );

  function set(next: Layout): void {
    layout.value = next;
    remember("layout", JSON.stringify(next));
  }

  function resize(panel: SizedPanel, px: number, room: number): void {
    set(withSize(layout.value, panel, px, room));
  }

  function collapse(panel: SizedPanel, collapsed: boolean): void {
    set(withCollapsed(layout.value, panel, collapsed));
  }

  /** Makes a panel visible, whatever the width of the window. */
  function show(panel: Panel): void {
    const open = panel === "files" ? layout.value : withCollapsed(layout.value, panel, false);
    set({ ...open, shown: panel });
  }

  /** Shows a panel and puts the keyboard into it. */
  async function focus(panel: Panel): Promise<void> {
    show(panel);
    await nextTick();
    const section = document.getElementById(`panel-${panel}`);
    const inner = section?.querySelector<HTMLElement>("[data-panel-focus]:not([tabindex='-1'])");
    (inner ?? section)?.focus();
  }

  return { layout, narrow, present, shown, resize, collapse, show, focus };
});
