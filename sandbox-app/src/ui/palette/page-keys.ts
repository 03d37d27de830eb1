import { onScopeDispose, type Ref, ref } from "vue";
import { useDocuments } from "../files/documents-store.ts";
import { useLayout } from "../layout/layout-store.ts";
import type { Panel } from "../layout/layout.ts";
import { usePalette } from "./palette-store.ts";

type PageKey = "palette" | "save" | "terminal" | "next_panel" | "previous_panel";

/**
 * The page's own keys. In a shell Ctrl-K and Ctrl-S belong to the shell; F1, F6, Ctrl-` and ⌘ keys
 * belong to the page everywhere, so that nobody is caught in the terminal.
 */
export function pageKey(event: KeyboardEvent, inShell: boolean): PageKey | null {
  if (event.altKey) return null;
  return everywhere(event) ?? (inShell ? null : outsideShell(event));
}

function everywhere({ key, ctrlKey, metaKey, shiftKey }: KeyboardEvent): PageKey | null {
  if (key === "F1") return "palette";
  if (key === "F6") return shiftKey ? "previous_panel" : "next_panel";
  if (ctrlKey && key === "`") return "terminal";
  return metaKey && !shiftKey ? letter(key) : null;
}

function outsideShell({ key, ctrlKey, shiftKey }: KeyboardEvent): PageKey | null {
  return ctrlKey && !shiftKey ? letter(key) : null;
}

function letter(key: string): PageKey | null {
  if (key === "k") return "palette";
  return key === "s" ? "save" : null;
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
    terminal: () =>
      void layout.focus(panelWithFocus(layout.present) === "terminal" ? "files" : "terminal"),
    next_panel: () => void layout.focus(neighbour(layout.present, 1)),
    previous_panel: () => void layout.focus(neighbour(layout.present, -1)),
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

/** Whether the keyboard is in a shell, which takes Ctrl-K for itself; while the component lives. */
export function useInShell(): Readonly<Ref<boolean>> {
  const inShell = ref(false);
  const look = () => {
    inShell.value = isIn(".xterm");
  };
  // During `focusout` nothing has the focus, which is right when nothing gets it.
  const events = ["focusin", "focusout"] as const;
  for (const event of events) document.addEventListener(event, look);
  onScopeDispose(() => {
    for (const event of events) document.removeEventListener(event, look);
  });
  return inShell;
}

function neighbour(panels: readonly Panel[], step: 1 | -1): Panel {
  const now = panelWithFocus(panels);
  const index = now === undefined ? (step === 1 ? -1 : 0) : panels.indexOf(now);
  return panels[(index + step + panels.length) % panels.length] ?? "activity";
}

function panelWithFocus(panels: readonly Panel[]): Panel | undefined {
  return panels.find((panel) => isIn(`#panel-${panel}`));
}

function isIn(selector: string): boolean {
  return (document.activeElement?.closest(selector) ?? null) !== null;
}
