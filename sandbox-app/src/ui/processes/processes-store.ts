import { defineStore } from "pinia";
import { computed, onScopeDispose, ref, shallowRef, watch } from "vue";
import type { RunningProcess, Runtime, Usage } from "../../runtime/runtime.ts";
import { coalesced } from "./coalesced.ts";
import { type CutNotice, processRows, withCut } from "./process-rows.ts";
import { useStopRequests } from "./stop-requests.ts";

/** From one question to the next, in milliseconds: the runtime finds out no more often either. */
const LOOK_EVERY_MS = 1_000;
/** What happens together is asked for once, in milliseconds. */
const SETTLE_MS = 50;
/** How often an open view goes on counting how long programs run. */
const SECOND_MS = 1_000;

/** The programs that run in the container, and what became of those that were cut. */
export const useProcesses = defineStore("processes", () => {
  const runtime = shallowRef<Runtime | null>(null);
  const running = shallowRef<readonly RunningProcess[]>([]);
  const usage = shallowRef<Usage | null>(null);
  const cuts = shallowRef<readonly CutNotice[]>([]);
  /** The time that rows are told for. */
  const seenAt = ref(0);
  const isOpen = ref(false);

  /** What runs has changed, or what it takes. */
  const changed = coalesced(look, { delayMs: SETTLE_MS, pauseMs: LOOK_EVERY_MS });
  const { requests, message, stop, settle } = useStopRequests(runtime, changed);
  const rows = computed(() => processRows(running.value, requests.value, seenAt.value));

  async function look(): Promise<void> {
    const { value: from } = runtime;
    if (from === null) return;
    try {
      const [now, used] = await Promise.all([from.processes(), from.usage()]);
      running.value = now;
      usage.value = used;
    } catch {
      // A runtime that does not answer has failed, and its programs with it; the page says so.
      running.value = [];
    }
    seenAt.value = Date.now();
    settle(running.value);
  }

  /** Follows the runtime for as long as it lives. */
  function attach(to: Runtime): void {
    runtime.value = to;
    to.onProcesses(changed);
    to.onError(changed);
    to.onCut((event) => {
      cuts.value = withCut(cuts.value, event);
    });
    changed();
  }

  let timer: ReturnType<typeof setInterval> | undefined;
  watch(isOpen, (open) => {
    clearInterval(timer);
    message.value = null;
    if (!open) return;
    void look();
    timer = setInterval(() => {
      seenAt.value = Date.now();
    }, SECOND_MS);
  });
  onScopeDispose(() => clearInterval(timer));

  function dismissCut(id: number): void {
    cuts.value = cuts.value.filter((cut) => cut.id !== id);
  }

  return { runtime, rows, usage, cuts, isOpen, message, changed, attach, stop, dismissCut };
});
