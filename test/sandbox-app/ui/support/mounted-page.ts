import { createPinia, type Pinia } from "pinia";
import { createApp } from "vue";
import { type Locator, page, userEvent } from "vitest/browser";
import App from "#sandbox/ui/App.vue";
import { openPage } from "#sandbox/ui/open-page.ts";
import "#sandbox/ui/theme/tokens.css";
import type { TabOpening } from "#sandbox/tab/page-api.ts";
import { ScriptedTab } from "./scripted-tab.ts";

/** The whole page of the product, on a scripted tab. */
export interface MountedPage {
  readonly tab: ScriptedTab;
  readonly pinia: Pinia;
  readonly root: HTMLElement;
  unmount(): void;
}

const WIDE = { width: 1280, height: 800 };
export const NARROW = { width: 390, height: 844 };

export async function mountPage(
  options: {
    readonly files?: Readonly<Record<string, string>>;
    readonly opening?: TabOpening;
    readonly size?: { readonly width: number; readonly height: number };
  } = {},
): Promise<MountedPage> {
  localStorage.clear();
  const { width, height } = options.size ?? WIDE;
  await page.viewport(width, height);
  const root = document.createElement("div");
  root.id = "app";
  document.body.append(root);
  const tab = new ScriptedTab(options.files);
  const pinia = createPinia();
  const app = createApp(App).use(pinia);
  void openPage(pinia, () => Promise.resolve(options.opening ?? { state: "open", tab }));
  app.mount(root);
  return {
    tab,
    pinia,
    root,
    unmount: () => {
      app.unmount();
      root.remove();
    },
  };
}

/** The page with its container ready and attached. */
export async function mountReady(
  files: Readonly<Record<string, string>> = {},
  size = WIDE,
): Promise<MountedPage> {
  const mounted = await mountPage({ files, size });
  await tick();
  mounted.tab.attached();
  mounted.tab.ready();
  await tick();
  return mounted;
}

/** Lets promises and a frame pass. */
export async function tick(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 30));
}

/** What assistive technology would call by this role and name. */
export function byRole(role: string, name?: string | RegExp) {
  return page.getByRole(role, name === undefined ? {} : { name });
}

export const keyboard = (keys: string) => userEvent.keyboard(keys);

/** For `expect.poll`: the element's text, empty while it is not there. */
export function textOf(locator: Locator): () => string {
  return () => locator.query()?.textContent ?? "";
}
