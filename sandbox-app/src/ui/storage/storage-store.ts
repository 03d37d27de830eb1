import { defineStore } from "pinia";
import { computed, ref, shallowRef } from "vue";
import type { ContainerStorage, Restored, StorageState } from "../../tab/page-api.ts";
import { askOnGesture } from "./ask-once.ts";
import { useStorageWork } from "./storage-work.ts";
import { restoreTrouble, storageLabel, storageTrouble } from "./storage-words.ts";

/** Milliseconds from a save to the question how much room is used now. */
const MEASURE_AFTER_MS = 1_000;

/** What the page knows and can do about how the container's files are kept. */
export const useStorage = defineStore("storage", () => {
  const storage = shallowRef<ContainerStorage | null>(null);
  const state = shallowRef<StorageState | null>(null);
  const restored = shallowRef<Restored | null>(null);
  /** When the page heard of it, in milliseconds since the epoch. */
  const restoredAt = ref(0);
  /** Null until the browser was asked in this page. */
  const persisted = ref<boolean | null>(null);
  /** What the runtime's origin uses in the browser; null when the browser does not tell. */
  const usage = shallowRef<{ readonly used: number; readonly quota: number } | null>(null);
  let isMeasuring: ReturnType<typeof setTimeout> | null = null;
  const isOpen = ref(false);
  const hidesRestoreTrouble = ref(false);

  const label = computed(() => storageLabel(state.value));
  const trouble = computed(() => {
    const past = hidesRestoreTrouble.value ? null : restoreTrouble(restored.value);
    return storageTrouble(state.value) ?? past;
  });

  async function measure(): Promise<void> {
    usage.value = (await storage.value?.measure().catch(() => null)) ?? null;
  }

  /** Saves come in flocks; one look after them is enough. */
  function measureSoon(): void {
    isMeasuring ??= setTimeout(() => {
      isMeasuring = null;
      void measure();
    }, MEASURE_AFTER_MS);
  }

  async function attach(kept: ContainerStorage): Promise<void> {
    storage.value = kept;
    kept.on((now) => {
      state.value = now;
      if (now.state === "saved") measureSoon();
    });
    restored.value = await kept.restored;
    restoredAt.value = Date.now();
    askOnGesture(async () => {
      persisted.value = await kept.persist();
    });
  }

  return {
    storage,
    state,
    restored,
    restoredAt,
    persisted,
    usage,
    isOpen,
    label,
    trouble,
    hidesRestoreTrouble,
    measure,
    attach,
    ...useStorageWork(storage),
  };
});
