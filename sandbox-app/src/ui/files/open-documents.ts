import { computed, ref, shallowRef } from "vue";
import { type Document, withOpened, withoutDocument } from "./documents.ts";

/** Which files are open, which one is shown, and when the person last typed. */
export function openDocuments() {
  const open = shallowRef<readonly Document[]>([]);
  const activePath = ref<string | null>(null);
  /** Milliseconds since the epoch of the last key in the editor or a terminal. */
  const lastKeyAt = ref(0);

  const find = (path: string | null) => open.value.find((one) => one.path === path) ?? null;
  const active = computed(() => find(activePath.value));

  function put(document: Document): void {
    open.value = open.value.map((old) => (old.path === document.path ? document : old));
  }

  function add(document: Document): void {
    if (!find(document.path)) open.value = withOpened(open.value, document);
    activePath.value = document.path;
  }

  function close(path: string): void {
    const next = withoutDocument(open.value, activePath.value, path);
    open.value = next.open;
    activePath.value = next.active;
  }

  /** Goes on with the person's text; the next save replaces what another wrote. */
  function keep(path: string): void {
    const document = find(path);
    if (document) put({ ...document, conflict: "none" });
  }

  /** The person typed. */
  function edited(path: string, dirty: boolean): void {
    lastKeyAt.value = Date.now();
    const document = find(path);
    if (document && document.dirty !== dirty) put({ ...document, dirty });
  }

  return { open, active, activePath, lastKeyAt, find, put, add, close, keep, edited };
}
