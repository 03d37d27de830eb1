import { defineStore } from "pinia";
import { computed, ref, shallowRef } from "vue";
import type { CallEvent } from "../../tab/events.ts";
import { noActivity, runningCount, withCallEvent, withoutEnded } from "./activity.ts";
import { announcement } from "./wording.ts";

/** Output events come faster than a screen is painted; they are taken in at this pace. */
const OUTPUT_BATCH_MS = 80;

/** The calls of this page, as the activity list and the top bar show them. */
export const useActivity = defineStore("activity", () => {
  const activity = shallowRef(noActivity);
  /** Last sentence for screen readers. */
  const spoken = ref("");
  const running = computed(() => runningCount(activity.value));
  let waiting: CallEvent[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;

  function flush(): void {
    clearTimeout(timer);
    timer = undefined;
    activity.value = waiting.reduce(withCallEvent, activity.value);
    waiting = [];
  }

  function take(event: CallEvent): void {
    waiting.push(event);
    if (event.type === "output") {
      timer ??= setTimeout(flush, OUTPUT_BATCH_MS);
      return;
    }
    flush();
    spoken.value = announcement(event, rowOf(event.call)?.summary ?? "") ?? spoken.value;
  }

  function rowOf(call: string) {
    return activity.value.rows.find((row) => row.call === call);
  }

  function clearEnded(): void {
    activity.value = withoutEnded(activity.value);
  }

  return { activity, spoken, running, take, rowOf, clearEnded };
});
