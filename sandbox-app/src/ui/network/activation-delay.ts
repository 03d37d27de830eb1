import { onMounted, onScopeDispose, type Ref, ref, watch } from "vue";

/**
 * Milliseconds that a button which grants something stays without effect after it appeared or moved,
 * or the window came back: whoever was about to press something else there has not meant it.
 */
export const ACTIVATION_DELAY_MS = 500;

export interface ActivationDelay {
  /** Whether a press counts. */
  readonly isArmed: Readonly<Ref<boolean>>;
  /** Whether this very press counts: the button may have moved since the last frame. */
  press(): boolean;
}

/**
 * Whether it has moved is measured, not concluded: programs choose what stands above it, and how much
 * of it there is.
 *
 * @param shown changes whenever the button may come into view anew
 */
export function useActivationDelay(
  button: Readonly<Ref<HTMLElement | undefined>>,
  shown: () => unknown,
): ActivationDelay {
  const isArmed = ref(false);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let frame = 0;
  let place = "";
  const disarm = (): void => {
    isArmed.value = false;
    clearTimeout(timer);
    timer = setTimeout(() => {
      isArmed.value = true;
    }, ACTIVATION_DELAY_MS);
  };
  const look = (): void => {
    const { left, top } = button.value?.getBoundingClientRect() ?? { left: 0, top: 0 };
    if (place !== `${left} ${top}`) disarm();
    place = `${left} ${top}`;
  };
  const lookEachFrame = (): void => {
    look();
    frame = requestAnimationFrame(lookEachFrame);
  };
  watch(shown, disarm, { immediate: true });
  onMounted(lookEachFrame);
  addEventListener("focus", disarm);
  document.addEventListener("visibilitychange", disarm);
  onScopeDispose(() => {
    clearTimeout(timer);
    cancelAnimationFrame(frame);
    removeEventListener("focus", disarm);
    document.removeEventListener("visibilitychange", disarm);
  });
  return {
    isArmed,
    press() {
      look();
      return isArmed.value;
    },
  };
}
