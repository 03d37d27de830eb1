import { type Ref, ref } from "vue";
import { visibleLine } from "./text/visible.ts";

/** Changes that the person asks for: one at a time, with words when one fails. */
export function useChanges<Changed>(target: Readonly<Ref<Changed | null>>) {
  const busy = ref(false);
  /** Why the last change failed; empty when it did not. */
  const message = ref("");

  /** @returns whether it was done */
  async function change(work: (changed: Changed) => Promise<void>): Promise<boolean> {
    if (busy.value || target.value === null) return false;
    busy.value = true;
    message.value = "";
    try {
      await work(target.value);
      return true;
    } catch (error) {
      message.value = visibleLine(error instanceof Error ? error.message : String(error));
      return false;
    } finally {
      busy.value = false;
    }
  }

  return { busy, message, change };
}
