import { onScopeDispose, type Ref, ref, watch } from "vue";

/**
 * Milliseconds that a button which grants something stays without effect after it appeared or moved,
 * or the window came back: whoever was about to press something else there has not meant it.
 */
export const ACTIVATION_DELAY_MS = 500;

/** @param moved changes whenever the button may stand where something else stood before */
export function useActivationDelay(moved: () => unknown): Readonly<Ref<boolean>> {
  const isArmed = ref(false);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const disarm = (): void => {
    isArmed.value = false;
    clearTimeout(timer);
    timer = setTimeout(() => {
      isArmed.value = true;
    }, ACTIVATION_DELAY_MS);
  };
  watch(moved, disarm, { immediate: true });
  addEventListener("focus", disarm);
  document.addEventListener("visibilitychange", disarm);
  onScopeDispose(() => {
    clearTimeout(timer);
    removeEventListener("focus", disarm);
    document.removeEventListener("visibilitychange", disarm);
  });
  return isArmed;
}
