import { onScopeDispose, type Ref, shallowRef } from "vue";
import { NARROW_MAX_PX } from "./layout.ts";

/** Whether a media query holds, as long as the surrounding scope lives. */
function useMedia(query: string): Readonly<Ref<boolean>> {
  const list = matchMedia(query);
  const matches = shallowRef(list.matches);
  const update = () => {
    matches.value = list.matches;
  };
  list.addEventListener("change", update);
  onScopeDispose(() => list.removeEventListener("change", update));
  return matches;
}

/** Room for one panel only. */
export const useNarrow = () => useMedia(`(max-width: ${NARROW_MAX_PX}px)`);
export const usePreferredDark = () => useMedia("(prefers-color-scheme: dark)");
