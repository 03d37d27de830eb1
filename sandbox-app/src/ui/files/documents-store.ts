import { defineStore } from "pinia";
import { computed, ref, shallowRef } from "vue";
import type { FileEvent } from "../../runtime/runtime.ts";
import { visibleLine } from "../text/visible.ts";
import {
  type Content,
  decodeContent,
  type Document,
  withDisk,
  withOpened,
  withRemoved,
} from "./documents.ts";
import { useFiles } from "./files-store.ts";

/** The open files. Their text while it is edited lives in the editor; here is what the disk holds. */
export const useDocuments = defineStore("documents", () => {
  const files = useFiles();
  const open = shallowRef<readonly Document[]>([]);
  const activePath = ref<string | null>(null);
  const active = computed(() => find(activePath.value));
  const problem = ref<string | null>(null);
  /** When the person last typed in the editor or a terminal; milliseconds since the epoch. */
  const lastKeyAt = ref(0);
  const saving = new Set<string>();
  let editorText: (path: string) => string | null = () => null;

  files.onChange((event) => void changed(event));

  function find(path: string | null): Document | null {
    return open.value.find((document) => document.path === path) ?? null;
  }

  function put(document: Document): void {
    open.value = open.value.map((old) => (old.path === document.path ? document : old));
  }

  async function read(path: string): Promise<Content | null> {
    const bytes = await files.runtime?.files.read(path);
    return bytes === undefined ? null : decodeContent(bytes);
  }

  /** Opens a file, or shows it when it is open. A failure is told in `problem`. */
  async function show(path: string, isNew = false): Promise<void> {
    await told(`open ${path}`, async () => {
      if (!find(path)) {
        const disk = await read(path);
        if (disk === null || find(path)) return;
        open.value = withOpened(open.value, { path, disk, isNew, dirty: false, conflict: "none" });
      }
      activePath.value = path;
    });
  }

  function close(path: string): void {
    const index = open.value.findIndex((document) => document.path === path);
    open.value = open.value.filter((document) => document.path !== path);
    if (activePath.value !== path) return;
    activePath.value = (open.value[index] ?? open.value[index - 1])?.path ?? null;
  }

  /** Writes the editor's text over whatever the file holds now. */
  async function save(path = activePath.value): Promise<void> {
    const document = find(path);
    const text = path === null ? null : editorText(path);
    const writer = files.runtime?.files;
    if (!document || document.disk.kind !== "text" || text === null || !writer) return;
    const disk: Content = { ...document.disk, text };
    saving.add(document.path);
    await told(`save ${document.path}`, async () => {
      await writer.write(document.path, new TextEncoder().encode(text));
      const dirty = editorText(document.path) !== text;
      put({ ...document, disk, dirty, conflict: "none" });
    });
    saving.delete(document.path);
    await refresh(document.path);
  }

  /** Drops the person's text for what the disk holds. */
  async function reload(path: string): Promise<void> {
    await told(`reload ${path}`, async () => {
      const disk = await read(path);
      const document = find(path);
      if (disk && document) put({ ...document, disk, dirty: false, conflict: "none" });
    });
  }

  /** Goes on with the person's text; the next save replaces what another wrote. */
  function keep(path: string): void {
    const document = find(path);
    if (document) put({ ...document, conflict: "none" });
  }

  function edited(path: string, dirty: boolean): void {
    const document = find(path);
    lastKeyAt.value = Date.now();
    if (document && document.dirty !== dirty) put({ ...document, dirty });
  }

  async function changed(event: FileEvent): Promise<void> {
    const document = find(event.path);
    if (!document) return;
    if (event.type === "removed") put(withRemoved(document));
    else await refresh(event.path);
  }

  async function refresh(path: string): Promise<void> {
    if (saving.has(path)) return;
    const disk = await read(path).catch(() => null);
    const document = find(path);
    if (disk && document && !saving.has(path)) put(withDisk(document, disk));
  }

  async function told(what: string, work: () => Promise<void>): Promise<void> {
    try {
      problem.value = null;
      await work();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      problem.value = `Could not ${visibleLine(what)}: ${visibleLine(reason)}`;
    }
  }

  /** The editor says how to get at its text. */
  function connectEditor(text: (path: string) => string | null): void {
    editorText = text;
  }

  return {
    open,
    active,
    activePath,
    problem,
    lastKeyAt,
    show,
    close,
    save,
    reload,
    keep,
    edited,
    connectEditor,
  };
});
