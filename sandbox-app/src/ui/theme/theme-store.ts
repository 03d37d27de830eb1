import { usePreferredDark } from "../layout/media.ts";
import { defineStore } from "pinia";
import { computed, ref, watchEffect } from "vue";
import { remember, remembered } from "../../remembered.ts";
import { isDark, nextTheme, parseTheme, type Theme } from "./theme.ts";

/** The palette of the page: a choice that is remembered, shown on the root element. */
export const useTheme = defineStore("theme", () => {
  const choice = ref<Theme>(parseTheme(remembered("theme")));
  const systemDark = usePreferredDark();
  const dark = computed(() => isDark(choice.value, systemDark.value));

  watchEffect(() => {
    document.documentElement.dataset["theme"] = dark.value ? "dark" : "light";
  });

  function choose(theme: Theme): void {
    choice.value = theme;
    remember("theme", theme);
  }

  return { choice, dark, choose, next: () => choose(nextTheme(choice.value)) };
});
