import { defineStore } from "pinia";
import { computed, ref, shallowRef } from "vue";
import type { ContainerStorage } from "../../runtime/embedded/storage/port/container-storage.ts";
import type { Restored, StorageState } from "../../runtime/embedded/storage/port/messages.ts";
import { formatBytes } from "../text/duration.ts";
import { visibleLine } from "../text/visible.ts";
import { restoreTrouble, storageLabel, storageTrouble } from "./storage-words.ts";

/** Asked once in a browser: a second question would only annoy. */
const ASKED_KEY = "disco.storage.asked";

/** What the page knows and can do about how the container's files are kept. */
export const useStorage = defineStore("storage", () => {
  const storage = shallowRef<ContainerStorage | null>(null);
  const state = shallowRef<StorageState | null>(null);
  const restored = shallowRef<Restored | null>(null);
  /** Null until the browser was asked in this page. */
  const persisted = ref<boolean | null>(null);
  const isOpen = ref(false);
  /** What export, import or reset are doing, or how they ended. */
  const message = ref<string | null>(null);
  const busy = ref(false);
  const hidesRestoreTrouble = ref(false);

  const label = computed(() => storageLabel(state.value));
  const trouble = computed(
    () =>
      storageTrouble(state.value) ??
      (hidesRestoreTrouble.value ? null : restoreTrouble(restored.value)),
  );

  /** Of all that this page's site keeps in the browser; null when it does not tell. */
  const usage = shallowRef<{ readonly used: number; readonly quota: number } | null>(null);

  async function measure(): Promise<void> {
    usage.value = (await storage.value?.measure().catch(() => null)) ?? null;
  }

  async function attach(kept: ContainerStorage): Promise<void> {
    storage.value = kept;
    kept.on((now) => {
      state.value = now;
    });
    restored.value = await kept.restored;
    askOnGesture(kept);
  }

  /** Browsers decide, or ask the person, only in answer to a gesture. */
  function askOnGesture(kept: ContainerStorage): void {
    if (localStorage.getItem(ASKED_KEY) !== null) return;
    const ask = (): void => {
      removeEventListener("pointerdown", ask);
      removeEventListener("keydown", ask);
      localStorage.setItem(ASKED_KEY, "yes");
      void kept.persist().then((value) => {
        persisted.value = value;
      });
    };
    addEventListener("pointerdown", ask);
    addEventListener("keydown", ask);
  }

  async function doing(what: string, work: () => Promise<string>): Promise<void> {
    if (busy.value) return;
    busy.value = true;
    message.value = `${what} …`;
    try {
      message.value = await work();
    } catch (error) {
      message.value = visibleLine(error instanceof Error ? error.message : String(error));
    } finally {
      busy.value = false;
    }
  }

  const exportZip = (name: string, withModules: boolean) =>
    doing("Exporting", async () => {
      const zip = await storage.value?.export({ withModules, withGit: true });
      if (zip === undefined) return "The container is not ready.";
      download(zip, `${name}.zip`);
      return `Exported ${formatBytes(zip.size)}.`;
    });

  const importZip = (zip: File) =>
    doing("Importing", async () => {
      const imported = await storage.value?.import(zip);
      if (imported === undefined) return "The container is not ready.";
      return `Imported ${imported.files} files (${formatBytes(imported.bytes)}).`;
    });

  const reset = () =>
    doing("Deleting", async () => {
      await storage.value?.reset();
      location.reload();
      return "Deleted.";
    });

  return {
    storage,
    state,
    restored,
    persisted,
    isOpen,
    message,
    busy,
    label,
    trouble,
    hidesRestoreTrouble,
    usage,
    measure,
    attach,
    exportZip,
    importZip,
    reset,
  };
});

function download(blob: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  // The browser has taken it by then; until it is revoked, the blob's bytes are kept.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
