import { ref, type Ref } from "vue";
import type { ContainerStorage } from "../../tab/page-api.ts";
import { formatBytes } from "../text/duration.ts";
import { visibleLine } from "../text/visible.ts";

/** After this the browser has taken the download; until then the blob's bytes are kept. */
const DOWNLOAD_KEPT_MS = 60_000;

/** The ways in and out: one at a time, each with words on how it ended. */
export function useStorageWork(storage: Readonly<Ref<ContainerStorage | null>>) {
  /** What is being done, or how it ended. */
  const message = ref<string | null>(null);
  const busy = ref(false);

  async function doing(
    what: string,
    work: (kept: ContainerStorage) => Promise<string>,
  ): Promise<void> {
    if (busy.value || storage.value === null) return;
    busy.value = true;
    message.value = `${what} …`;
    try {
      message.value = await work(storage.value);
    } catch (error) {
      message.value = visibleLine(error instanceof Error ? error.message : String(error));
    } finally {
      busy.value = false;
    }
  }

  return {
    message,
    busy,
    exportZip: (name: string, withModules: boolean) =>
      doing("Exporting", async (kept) => {
        const zip = await kept.export({ withModules, withGit: true });
        download(zip, `${name}.zip`);
        return `Exported ${formatBytes(zip.size)}.`;
      }),
    importZip: (zip: File) =>
      doing("Importing", async (kept) => {
        const { files, bytes } = await kept.import(zip);
        return `Imported ${files} files (${formatBytes(bytes)}).`;
      }),
    reset: () =>
      doing("Deleting", async (kept) => {
        await kept.reset();
        location.reload();
        return "Deleted.";
      }),
  };
}

function download(blob: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), DOWNLOAD_KEPT_MS);
}
