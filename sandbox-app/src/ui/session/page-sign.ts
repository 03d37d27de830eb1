import { watchEffect } from "vue";
import { useActivity } from "../activity/activity-store.ts";
import { useTheme } from "../theme/theme-store.ts";
import { faviconUrl, pageTitle } from "./page-title.ts";
import { useSession } from "./session-store.ts";

/** Keeps the browser's tab, its title and icon, in step with the page's state. */
export function usePageSign(): void {
  const session = useSession();
  const activity = useActivity();
  const theme = useTheme();

  watchEffect(() => {
    const name = session.tab?.identity.container.name ?? null;
    document.title = pageTitle(session.status, name, activity.running);
  });

  watchEffect(() => {
    // The colour is another in the other palette.
    void theme.dark;
    const { tone } = session.status;
    const colour = getComputedStyle(document.documentElement).getPropertyValue(`--${tone}`).trim();
    const icon = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
    icon?.setAttribute("href", faviconUrl(tone, activity.running > 0, colour));
  });
}
