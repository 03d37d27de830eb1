import { onScopeDispose } from "vue";
import { useDocuments } from "../files/documents-store.ts";
import { useLayout } from "../layout/layout-store.ts";
import { type Panel, panels } from "../layout/layout.ts";
import { usePalette } from "./palette-store.ts";

type PageKey = "palette" | "save" | "terminal" | "next_panel" | "previous_panel";

/**
 * The page's own keys. In a shell Ctrl-K and Ctrl-S belong to the shell; F1, F6, Ctrl-` and ⌘ keys
 * belong to the page everywhere, so that nobody is caught in the terminal.
 */
export function pageKey(event: KeyboardEvent, inShell: boolean): PageKey | null {
  const { key, ctrlKey, metaKey, shiftKey, altKey } = event;
  if (altKey) return null;
  if (key === "F1" || (metaKey && key === "k")) return "palette";
  if (key === "F6") return shiftKey ? "previous_panel" : "next_panel";
  if (ctrlKey && key === "`") return "terminal";
  if (metaKey && key === "s") return "save";
  if (inShell || !ctrlKey || shiftKey) return null;
  return key === "k" ? "palette" : key === "s" ? "save" : null;
}

/** Whether the terminal leaves this key to the page. */
export function isPageKey(event: KeyboardEvent): boolean {
  return pageKey(event, true) !== null;
}

/** Listens for the page's keys while the calling component lives. */
export function usePageKeys(): void {
  const palette = usePalette();
  const layout = useLayout();
  const documents = useDocuments();

  const doIt: Record<PageKey, () => void> = {
    palette: palette.show,
    save: () => void documents.save(),
    terminal: () => void layout.focus(panelWithFocus() === "terminal" ? "files" : "terminal"),
    next_panel: () => void layout.focus(neighbour(1)),
    previous_panel: () => void layout.focus(neighbour(-1)),
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.defaultPrevented) return;
    const key = pageKey(event, isIn(".xterm"));
    if (key === null) return;
    event.preventDefault();
    doIt[key]();
  };
  addEventListener("keydown", onKey);
  onScopeDispose(() => removeEventListener("keydown", onKey));
}

function neighbour(step: 1 | -1): Panel {
  const now = panelWithFocus();
  const index = now === undefined ? (step === 1 ? -1 : 0) : panels.indexOf(now);
  return panels[(index + step + panels.length) % panels.length] ?? "activity";
}

function panelWithFocus(): Panel | undefined {
  return panels.find((panel) => isIn(`#panel-${panel}`));
}

function isIn(selector: string): boolean {
  return document.activeElement?.closest(selector) !== null;
}
