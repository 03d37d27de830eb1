import { defineStore } from "pinia";
import { ref } from "vue";
import { visibleLine } from "../text/visible.ts";
import { DocumentDisk } from "./document-disk.ts";
import { withRemoved } from "./documents.ts";
import { useFiles } from "./files-store.ts";
import { openDocuments } from "./open-documents.ts";

/** The open files. Their text while it is edited lives in the editor; here is what the disk holds. */
export const useDocuments = defineStore("documents", () => {
  const files = useFiles();
  const { find, put, add, ...documents } = openDocuments();
  const problem = ref<string | null>(null);
  let textOf: (path: string) => string | null = () => null;
  const disk = new DocumentDisk(
    { find, put, textOf: (path) => textOf(path) },
    () => files.runtime?.files,
  );

  files.onChange(({ type, path }) => {
    const document = find(path);
    if (document && type === "removed") put(withRemoved(document));
    else if (document) void disk.refresh(path);
  });

  async function told(what: string, work: Promise<void>): Promise<void> {
    problem.value = null;
    await work.catch((error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error);
      problem.value = `Could not ${visibleLine(what)}: ${visibleLine(reason)}`;
    });
  }

  async function opened(path: string, before: string | null): Promise<void> {
    const content = find(path)?.disk ?? (await disk.read(path));
    if (content) add({ path, disk: content, before, dirty: false, conflict: "none" });
  }

  return {
    ...documents,
    problem,
    /** Opens a file, or shows it when it is open. A failure is told in `problem`. */
    show: (path: string, before: string | null = null) =>
      told(`open ${path}`, opened(path, before)),
    save: async (path = documents.activePath.value) => {
      if (path !== null) await told(`save ${path}`, disk.save(path));
    },
    reload: (path: string) => told(`reload ${path}`, disk.reload(path)),
    /** Text of a file in the workspace; null when it is not there or is no text. */
    textBefore: async (path: string) => {
      const content = await disk.read(path).catch(() => null);
      return content?.kind === "text" ? content.text : null;
    },
    /** The editor says how to get at its text. */
    connectEditor: (text: (path: string) => string | null) => {
      textOf = text;
    },
  };
});
