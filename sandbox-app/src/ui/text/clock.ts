import { onScopeDispose, type Ref, shallowRef, watch } from "vue";

/**
 * The time in milliseconds since the epoch, renewed while it is wanted.
 *
 * @param everyMs how often
 * @param wanted stands still, and costs nothing, while this is false
 */
export function useNow(everyMs: number, wanted: () => boolean): Readonly<Ref<number>> {
  const now = shallowRef(Date.now());
  let timer: ReturnType<typeof setInterval> | undefined;
  const tick = () => {
    now.value = Date.now();
  };
  watch(
    wanted,
    (on) => {
      clearInterval(timer);
      tick();
      if (on) timer = setInterval(tick, everyMs);
    },
    { immediate: true },
  );
  onScopeDispose(() => clearInterval(timer));
  return now;
}
