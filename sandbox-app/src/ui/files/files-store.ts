import { defineStore } from "pinia";
import { computed, ref, shallowRef } from "vue";
import type { FileEvent, Runtime } from "../../runtime/runtime.ts";
import { remember, remembered } from "../../remembered.ts";
import { Lister } from "./lister.ts";
import {
  emptyTree,
  staleDirectory,
  type Tree,
  unlisted,
  withExpanded,
  withListing,
  withoutDirectory,
  withRevealed,
} from "./tree.ts";

/** The tree of the workspace: listed when opened, listed again when something in it changes. */
export const useFiles = defineStore("files", () => {
  const runtime = shallowRef<Runtime | null>(null);
  const tree = shallowRef<Tree | null>(null);
  /** Where the keyboard is in the tree. */
  const focused = ref("");
  const following = ref(remembered("follow") !== "no");
  const root = computed(() => tree.value?.root ?? "/");
  const listeners = new Set<(event: FileEvent) => void>();
  const lister = new Lister(list);

  /** Shows the files of this runtime from now on. */
  async function attach(next: Runtime): Promise<void> {
    runtime.value = next;
    tree.value = emptyTree(next.root);
    next.files.watch(next.root, changed);
    await listUnlisted();
  }

  function changed(event: FileEvent): void {
    for (const listener of listeners) listener(event);
    const directory = tree.value && staleDirectory(tree.value, event);
    if (directory !== null) lister.soon(directory);
  }

  async function list(directory: string): Promise<void> {
    const files = runtime.value?.files;
    if (!files || !tree.value) return;
    try {
      const entries = await files.list(directory);
      tree.value = withListing(tree.value, directory, entries);
    } catch {
      tree.value = withoutDirectory(tree.value, directory);
    }
  }

  async function listUnlisted(): Promise<void> {
    if (tree.value) await Promise.all(unlisted(tree.value).map(list));
  }

  async function expand(path: string, open: boolean): Promise<void> {
    if (!tree.value) return;
    tree.value = withExpanded(tree.value, path, open);
    await listUnlisted();
  }

  /** Opens every directory above the path and puts the tree's focus on it. */
  async function reveal(path: string): Promise<void> {
    if (!tree.value) return;
    tree.value = withRevealed(tree.value, path);
    focused.value = path;
    await listUnlisted();
  }

  function follow(on: boolean): void {
    following.value = on;
    remember("follow", on ? "yes" : "no");
  }

  /** Tells of every change in the workspace. */
  function onChange(listener: (event: FileEvent) => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  return { runtime, tree, root, focused, following, attach, expand, reveal, follow, onChange };
});
